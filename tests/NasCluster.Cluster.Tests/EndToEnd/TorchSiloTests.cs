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
            s => s with { Evaluator = s.Evaluator with { Engine = EvaluatorEngine.Torch, Devices = ["cpu"], Precision = TorchPrecision.Float32 } }, _ => { });

        (await silo.RunAsync([.. ShippedSearch.Start(), "--name", "torch", "--watch"])).Ended(0);

        var front = (await silo.RunAsync("search", "front", "torch", "--format", "json")).Ended(0).Output;
        EmbeddedSearch.AssertSame(front, new TorchEngine(new TorchEngineOptions(), new CpuEngineOptions { Threads = 1 }));
    }

    [ContractFact]
    public async Task Start_BesideASiloOfAnotherEngine_OnlyOneOfThemEvaluates()
    {
        await using var cpu = await LocalSilo.StartAsync(s => s, _ => { });
        await using var torch = await LocalSilo.StartAsync(
            s => s with
            {
                Clustering = s.Clustering with { PrimaryPort = cpu.SiloPort },
                Evaluator = s.Evaluator with { Engine = EvaluatorEngine.Torch, Devices = ["cpu"], Precision = TorchPrecision.Float32 },
            },
            _ => { });

        (await cpu.RunAsync([.. ShippedSearch.Start(), "--name", "mixed", "--watch"])).Ended(0);

        var evaluators = await DevicesTests.EvaluatorsAsync(cpu);
        Assert.Equal(2, evaluators.Length);
        Assert.Single(evaluators, e => e.Evaluations > 0);
        Assert.All(evaluators, e => Assert.Equal(0, e.Failed));
    }
}

/// <summary>Leaves a class out where TorchSharp's native library cannot be loaded.</summary>
internal sealed class NeedsTorchAttribute : NeedsAttribute
{
    public override string? Missing => TorchLibrary.Problem;
}
