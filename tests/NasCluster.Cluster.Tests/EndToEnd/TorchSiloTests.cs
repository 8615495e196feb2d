using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Llama.Cpu;
using NasCluster.Silo.Configuration;
using NasCluster.Testing;
using NasCluster.Torch;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>A silo that scores with Torch, on the processor for want of a graphics card.</summary>
[NeedsTorch]
public sealed class TorchSiloTests
{
    [ContractFact]
    public async Task Start_OnASiloWithTorch_FindsTheFrontThatTorchFindsInOneProcess()
    {
        await using var silo = await LocalSilo.StartAsync(
            s => s with { Evaluator = s.Evaluator with { Engine = EvaluatorEngine.Torch, Device = "cpu", Precision = TorchPrecision.Float32 } }, _ => { });

        (await silo.RunAsync([.. ShippedSearch.Start(), "--name", "torch", "--watch"])).Ended(0);

        var front = (await silo.RunAsync("search", "front", "torch", "--format", "json")).Ended(0).Output;
        EmbeddedSearch.AssertSame(front, new TorchEngine(new TorchEngineOptions(), new CpuEngineOptions { Threads = 1 }));
    }
}

/// <summary>Leaves a class out where TorchSharp's native library cannot be loaded.</summary>
internal sealed class NeedsTorchAttribute : NeedsAttribute
{
    public override string? Missing => TorchLibrary.Problem;
}
