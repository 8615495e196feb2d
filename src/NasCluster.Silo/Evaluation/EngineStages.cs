using System.Text.Json.Nodes;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Specification;
using NasCluster.Core.Storage;
using NasCluster.Pipeline.Prepared;
using NasCluster.Pipeline.SuperNetworks;

namespace NasCluster.Silo.Evaluation;

/// <summary>Carries out stages with the super-networks that lie here.</summary>
internal sealed class EngineStages(HeldNetworks networks, IContentStore contents, SuperNetworkShelf shelf, TimeProvider time) : IStageRunner
{
    public async Task<StageResult> RunAsync(string stage, CancellationToken cancellation)
    {
        var prepared = PreparedStage.FromJson(stage, StoredSpecification.Read);
        var fetched = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var hash in prepared.Contents)
        {
            fetched.Add(hash, await StoredRuns.ReadAsync(hash, contents, cancellation));
        }

        using var network = await networks.AcquireAsync(prepared.Search.Network, cancellation);
        using var weights = await networks.OpenAsync(prepared.Search.Network.Fingerprint, cancellation);
        var machine = new StageMachine(weights.Checkpoint, network.Network, shelf.Gate, networks.Engine, time);
        var output = await Task.Run(() => prepared.CarryOut(machine, fetched, cancellation), cancellation);
        var content = output.Scores.IsEmpty ? null : await contents.PutAsync(new MemoryStream([.. output.Scores], writable: false), cancellation);
        return new StageResult(
            content, new JsonObject { ["stage"] = Words.Of(prepared.Stage), ["content"] = content, ["record"] = output.Record }.ToJsonString());
    }
}
