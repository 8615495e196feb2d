using System.Collections.Immutable;
using System.Diagnostics;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Telemetry;

namespace NasCluster.Core.Tests.Telemetry;

public sealed class SearchTracesTests
{
    private static readonly ImmutableArray<Trial> Trials = [new(new TrialId(3), new Genome([0])), new(new TrialId(7), new Genome([1]))];
    private static readonly DispatchEffect Dispatch = new(new EvaluatorId("s/cpu"), new LeaseId(4), Trials);
    private static readonly SaveEffect Save = new(1, [], [Record(0), Record(1)], null);
    private static readonly EvaluationOutcome Success = EvaluationOutcome.Success([new ObjectiveValue(1, 0)]);

    [Fact]
    public void Begin_SomebodyListens_HasTheTagsAndTheEvaluationBelongsToItsDispatch()
    {
        using var spans = new Spans();
        ActivityContext cause;
        using (var dispatch = SearchTraces.BeginDispatch("traced", Dispatch))
        {
            cause = dispatch!.Context;
            dispatch.Came(true);
        }

        using (var evaluation = SearchTraces.BeginEvaluation("traced", "s/cpu", Trials, cause))
        {
            evaluation.Came([Success, Success]);
        }

        using (var save = SearchTraces.BeginSave("traced", Save))
        {
            save.Came(false);
        }

        Assert.Equal(
            [
                "dispatch search=traced evaluator=s/cpu trials=3,7 result=succeeded Unset",
                "evaluate search=traced evaluator=s/cpu trials=3,7 result=succeeded Unset",
                "save search=traced outcomes=2 result=failed Error",
            ],
            spans.Ended.Select(s => $"{s.OperationName} {string.Join(' ', s.TagObjects.Select(t => $"{t.Key}={t.Value}"))} {s.Status}"));
        Assert.Equal((spans.Ended[0].TraceId, spans.Ended[0].SpanId), (spans.Ended[1].TraceId, spans.Ended[1].ParentSpanId));
        Assert.NotEqual(spans.Ended[0].TraceId, spans.Ended[2].TraceId);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("succeeded", true)]
    [InlineData("failed", true, false)]
    public void Came_Evaluation_FailedIfOneOfItDid(string result, params bool[] succeeded)
    {
        using var spans = new Spans();
        using (var evaluation = SearchTraces.BeginEvaluation("traced", "s/cpu", Trials, default))
        {
            evaluation.Came([.. succeeded.Select(s => s ? Success : EvaluationOutcome.Failed("no"))]);
        }

        Assert.Equal(result, Assert.Single(spans.Ended).GetTagItem("result"));
    }

    [Fact]
    public void Begin_NobodyListens_AllocatesNothing()
    {
        IReadOnlyList<EvaluationOutcome> outcomes = [Success];
        All();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            All();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void All()
        {
            using var dispatch = SearchTraces.BeginDispatch("untraced", Dispatch);
            dispatch.Came(true);
            using var evaluation = SearchTraces.BeginEvaluation("untraced", "s/cpu", Trials, default);
            evaluation.Came(outcomes);
            using var save = SearchTraces.BeginSave("untraced", Save);
            save.Came(true);
        }
    }

    private static OutcomeRecord Record(long sequence) => new(
        sequence, Trials[0], new EvaluationKey("k"), EvaluationOutcome.Failed("no"), OutcomeSource.Evaluated, DateTimeOffset.UnixEpoch);

    /// <summary>Listens, and keeps every span that ended.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;

        public Spans()
        {
            Activity.Current = null;
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == SearchTraces.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = Ended.Add,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public List<Activity> Ended { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
