using System.Collections.Immutable;
using System.Diagnostics;
using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Core.Telemetry;

/// <summary>The spans by which a search can be followed, for hosts to begin and end.</summary>
/// <remarks>
/// <para>
/// A dispatch is a trace of its own, which the evaluation it brings about belongs to; so is a save. All of a search carry its name. One
/// trace for a whole search would have as many spans as it has evaluations, more than anything that shows traces can take.
/// </para>
/// <para>While nobody listens, a span is null and costs no memory.</para>
/// </remarks>
public static class SearchTraces
{
    /// <summary>Name of the source of all spans.</summary>
    public const string SourceName = MetricNames.Meter;

    /// <summary>The span of a dispatch: from when it is decided until the evaluator has it.</summary>
    public const string Dispatch = "dispatch";

    /// <summary>The span of an evaluation of one or more trials together.</summary>
    public const string Evaluate = "evaluate";

    /// <summary>The span of a write to storage.</summary>
    public const string Save = "save";

    /// <summary>Tag: numbers of the trials, with commas between.</summary>
    public const string Trials = "trials";

    /// <summary>Tag: how many outcomes are written.</summary>
    public const string Outcomes = "outcomes";

    /// <summary>Result: it was taken back.</summary>
    public const string Revoked = "revoked";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins the span of a dispatch.</summary>
    /// <param name="search">The search's name.</param>
    /// <param name="dispatch">The dispatch.</param>
    public static Activity? BeginDispatch(string search, DispatchEffect dispatch)
    {
        ArgumentNullException.ThrowIfNull(dispatch);
        return Source.StartActivity(Dispatch, ActivityKind.Producer) is { } span ? Tag(span, search, dispatch.Evaluator.Value, dispatch.Trials) : null;
    }

    /// <summary>Begins the span of an evaluation.</summary>
    /// <param name="search">The search's name.</param>
    /// <param name="evaluator">The evaluator's name.</param>
    /// <param name="trials">What is evaluated.</param>
    /// <param name="cause">The span of the dispatch, or of a call within it; default for none.</param>
    public static Activity? BeginEvaluation(string search, string evaluator, ImmutableArray<Trial> trials, ActivityContext cause) =>
        Source.StartActivity(Evaluate, ActivityKind.Consumer, cause) is { } span ? Tag(span, search, evaluator, trials) : null;

    /// <summary>Begins the span of a write.</summary>
    /// <param name="search">The search's name.</param>
    /// <param name="save">The write.</param>
    public static Activity? BeginSave(string search, SaveEffect save)
    {
        ArgumentNullException.ThrowIfNull(save);
        return Source.StartActivity(Save, ActivityKind.Client)?.SetTag(MetricTags.Search, search).SetTag(Outcomes, save.Outcomes.Length);
    }

    /// <summary>Says how what a span stands for came out; the span is ended by disposing of it.</summary>
    /// <param name="span">The span; null while nobody listens.</param>
    /// <param name="succeeded">Whether it was done.</param>
    public static void Came(this Activity? span, bool succeeded) => span.Came(succeeded ? MetricTags.Succeeded : MetricTags.Failed);

    /// <summary>Says how an evaluation came out: it failed if one of its trials did.</summary>
    /// <param name="span">The span; null while nobody listens.</param>
    /// <param name="outcomes">The outcomes; none of an evaluation that was taken back.</param>
    public static void Came(this Activity? span, IReadOnlyList<EvaluationOutcome> outcomes)
    {
        if (span is not null)
        {
            span.Came(outcomes.Count == 0 ? Revoked : outcomes.All(o => o.IsSuccess) ? MetricTags.Succeeded : MetricTags.Failed);
        }
    }

    private static void Came(this Activity? span, string result)
    {
        span?.SetTag(MetricTags.Result, result);
        if (result == MetricTags.Failed)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static Activity Tag(Activity span, string search, string evaluator, ImmutableArray<Trial> trials) => span
        .SetTag(MetricTags.Search, search)
        .SetTag(MetricTags.Evaluator, evaluator)
        .SetTag(Trials, string.Join(',', trials.Select(t => t.Id.Value)));
}
