using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline.Tests;

/// <summary>An engine that answers every token with one nat per layer kept, and remembers being disposed of. It cannot extract.</summary>
internal sealed class RecordingNetwork(LlamaConfiguration configuration, string fingerprint) : ISuperNetwork
{
    public bool IsDisposed { get; private set; }

    public SuperNetworkInfo Info { get; } = new(configuration, fingerprint, "float64", "fake", "fake-1");

    public LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation) =>
        [.. architectures.Select(a => requests.Select(r => Score(a, r)).ToArray())];

    public void Dispose() => IsDisposed = true;

    private static LogLikelihood Score(Architecture architecture, ScoringRequest request)
    {
        var each = -1.0f / architecture.Layers.Length;
        ImmutableArray<float> perToken = request.PerToken ? [.. Enumerable.Repeat(each, request.ScoredCount)] : [];
        return new LogLikelihood(each * request.ScoredCount, false, perToken);
    }
}
