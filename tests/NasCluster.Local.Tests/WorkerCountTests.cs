using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Local.Commands;
using NasCluster.Pipeline;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

public sealed class WorkerCountTests
{
    private static readonly AlgorithmSpec SteadyState = new() { Mode = SearchMode.SteadyState, InFlight = 8 };

    [Theory]
    [InlineData(null, 1, 64, 8)]
    [InlineData(null, 1, 4, 4)]
    [InlineData(null, 3, 64, 2)]
    [InlineData(null, 8, 64, 1)]
    [InlineData(8, 1, 2, 8)]
    [InlineData(2, 4, 2, 2)]
    public void Of_SteadyState_IsAsAskedOrAsManyAsItKeepsBusy(int? asked, int batch, int processors, int expected) =>
        Assert.Equal(expected, WorkerCount.Of(asked, batch, Plan(SteadyState), processors));

    [Theory]
    [InlineData(9, 1, "--workers is 9; it must be at most algorithm.in_flight, 8: a steady-state search has no more open to evaluate.")]
    [InlineData(3, 3, "--workers 3 times --batch 3 is 9; it must be at most algorithm.in_flight, 8: a steady-state search has no more open to evaluate.")]
    [InlineData(1, 9, "--batch is 9; it must be at most algorithm.in_flight, 8: a steady-state search has no more open to evaluate.")]
    [InlineData(null, 9, "--batch is 9; it must be at most algorithm.in_flight, 8: a steady-state search has no more open to evaluate.")]
    [InlineData(int.MaxValue, int.MaxValue, "is 4611686014132420609; it must be at most algorithm.in_flight, 8")]
    public void Of_SteadyStateThatCannotKeepAllBusy_IsRefused(int? asked, int batch, string message)
    {
        var failure = Assert.Throws<NasClusterException>(() => WorkerCount.Of(asked, batch, Plan(SteadyState), 4));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AlgorithmName.Nsga2, SearchMode.Generational)]
    [InlineData(AlgorithmName.Random, SearchMode.SteadyState)]
    public void Of_SearchThatIgnoresInFlight_IsAsAskedOrOnePerProcessor(AlgorithmName name, SearchMode mode)
    {
        var plan = Plan(new() { Name = name, Mode = mode, InFlight = 1 });
        Assert.Equal(64, WorkerCount.Of(null, 4, plan, 64));
        Assert.Equal(100, WorkerCount.Of(100, 4, plan, 2));
    }

    [Theory]
    [InlineData(SearchMode.Generational)]
    [InlineData(SearchMode.SteadyState)]
    public void Of_MeasuredObjective_IsOneUnlessAskedOtherwise(SearchMode mode)
    {
        var plan = Plan(SteadyState with { Mode = mode }, "parameters", "latency_ms");
        Assert.Equal(1, WorkerCount.Of(null, 2, plan, 64));
        Assert.Equal(3, WorkerCount.Of(3, 2, plan, 64));
    }

    [Fact]
    public void Search_MoreWorkersThanInFlight_IsRefusedBeforeAnythingIsWritten()
    {
        using var model = new SmallModel();

        var result = Nas.Run(model.Search("run", 20, "--set", "algorithm.mode=steady_state", "--set", "algorithm.in_flight=3", "--workers", "2", "--batch", "2"));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "nas: --workers 2 times --batch 2 is 4; it must be at most algorithm.in_flight, 3: a steady-state search has no more open to evaluate.",
            Assert.Single(result.ErrorLines));
        Assert.False(Directory.Exists(model.At("run")));
    }

    [Fact]
    public void Resume_MoreWorkersThanInFlight_IsRefusedAndFewerAreNot()
    {
        using var model = new SmallModel();
        Assert.Equal(0, Nas.Run(model.Search("run", 20, "--set", "algorithm.mode=steady_state", "--set", "algorithm.in_flight=3", "--workers", "3")).ExitCode);

        var refused = Nas.Run("resume", model.At("run"), "--workers", "4");
        var resumed = Nas.Run("resume", model.At("run"), "--workers", "3");

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("nas: --workers is 4; it must be at most algorithm.in_flight, 3", Assert.Single(refused.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(0, resumed.ExitCode);
        Assert.Contains("20 of 20 evaluations", resumed.Output, StringComparison.Ordinal);
    }

    private static SearchPlan Plan(AlgorithmSpec algorithm, params string[] objectives) => new(
        new SearchSpec { Model = "m", Objectives = objectives is [] ? ["parameters"] : [.. objectives], Algorithm = algorithm },
        RandomCheckpoint.Configuration(layers: 4, hidden: 32, headSize: 8, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 48, vocabulary: 40));
}
