using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Embedded.Hosting;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Hosting;

public sealed class RememberedOutcomesTests : IDisposable
{
    private const int Budget = 80;
    private readonly TemporaryDirectory _directory = new();
    private int _runs;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Run_EverythingRemembered_EvaluatesNothingAndEndsTheSame()
    {
        var (first, calls) = Run(null);
        using var cache = SqliteEvaluationCache.Open(_directory.At("cache.db"));
        var (second, callsToFill) = Run(cache);
        var (third, callsAfter) = Run(cache);

        Assert.Equal((Budget, Budget, 0), (calls, callsToFill, callsAfter));
        Assert.Equal(SyntheticEvaluator.ByTrial(first), SyntheticEvaluator.ByTrial(second));
        Assert.Equal(SyntheticEvaluator.ByTrial(first), SyntheticEvaluator.ByTrial(third));
        Assert.All(third, o => Assert.Equal(OutcomeSource.Remembered, o.Source));
    }

    [Fact]
    public void Run_LongerSearchOfTheSameSpace_EvaluatesOnlyWhatIsNew()
    {
        using var cache = SqliteEvaluationCache.Open(_directory.At("cache.db"));
        Run(cache);

        var (outcomes, calls) = Run(cache, Budget + 40);

        Assert.Equal(Budget + 40, outcomes.Count);
        Assert.Equal(outcomes.Count(o => o.Source == OutcomeSource.Evaluated), calls);
        Assert.Equal(40, calls);
    }

    [Fact]
    public void Run_CacheThatFails_IsGivenUpWithOneNotice()
    {
        var notices = new List<string>();

        var (outcomes, calls) = Run(new BrokenCache(), notices: notices);

        Assert.Equal((Budget, Budget), (outcomes.Count, calls));
        Assert.Contains("the cache is broken", Assert.Single(notices), StringComparison.Ordinal);
    }

    private (IReadOnlyList<OutcomeRecord> Outcomes, int Calls) Run(IEvaluationCache? cache, int budget = Budget, List<string>? notices = null)
    {
        using var run = RunDirectory.Create(_directory.At($"run-{_runs++}"), Samples.Specification, TimeProvider.System);
        using var evaluator = new SyntheticEvaluator();
        var observer = new RecordingObserver();
        var job = TestSearch.Job(evaluator, budget) with { Cache = cache };
        Assert.Equal(FinishReason.Completed, new EmbeddedHost(job, run.Store, observer, TestSearch.Options(), TimeProvider.System).Run(default));
        notices?.AddRange(observer.Notices);
        return (observer.Outcomes, evaluator.Calls);
    }

    private sealed class BrokenCache : IEvaluationCache
    {
        public ImmutableDictionary<EvaluationKey, EvaluationOutcome> Find(IReadOnlyList<EvaluationKey> keys) =>
            throw new NasClusterException("the cache is broken");

        public void Remember(IReadOnlyList<OutcomeRecord> outcomes) => throw new NasClusterException("the cache is broken");
    }
}
