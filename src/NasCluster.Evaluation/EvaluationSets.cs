using System.Collections.Immutable;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation;

/// <summary>What sub-networks are scored on.</summary>
/// <param name="Text">The text; null when there is none.</param>
/// <param name="Tasks">The multiple-choice tasks in ARC's layout.</param>
public sealed record EvaluationSets(TextSet? Text, ImmutableArray<ChoiceSet> Tasks)
{
    /// <summary>The tasks of the evaluation harness, which come after the others.</summary>
    public ImmutableArray<NamedTask> HarnessTasks { get; init; } = [];

    /// <summary>Which sets these are.</summary>
    public EvaluationSetsIdentity Identity => new(
        Text?.Fingerprint,
        [
            .. Tasks.Select(t => new TaskIdentity(t.Name, t.Fingerprint)),
            .. HarnessTasks.Select(t => new TaskIdentity(t.Name, t.Fingerprint) { HarnessTask = t.Task }),
        ]);

    /// <summary>Nothing to score on: enough for analytic and measured objectives.</summary>
    public static EvaluationSets None { get; } = new(null, []);
}
