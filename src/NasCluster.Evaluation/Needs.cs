using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Evaluation;

/// <summary>What must be computed to give the values that objectives and constraints name, and nothing more.</summary>
internal sealed class Needs
{
    internal Needs(EvaluatorOptions options, EvaluationSetsIdentity sets)
    {
        var tasks = sets.Tasks.Select(t => (t.Name, t.HarnessTask)).ToArray();
        Values = [.. options.Objectives.Select(o => o.Name).Concat(options.Constraints.Select(c => c.Name)).Distinct(StringComparer.Ordinal)
            .Select(name => ObjectiveCatalog.FindAmong(name, tasks) ?? throw new NasClusterException(
                $"There is no value '{name}' to evaluate; a task's accuracy needs the task's questions."))];
        if (Values.Any(v => ObjectiveCatalog.NeedsText(v.Name)))
        {
            Text = sets.Text ?? throw new NasClusterException($"{Values.First(v => ObjectiveCatalog.NeedsText(v.Name)).Name} needs a text, and there is none.");
        }

        Means = [.. Values.Where(ObjectiveCatalog.IsMean).Select(m => (m, ObjectiveCatalog.MembersOf(m, tasks)))];
        Tasks = [.. sets.Tasks.Where(t => ObjectiveCatalog.OfTask(t.Name, t.HarnessTask).Any(o => Values.Contains(o) || Means.Any(m => m.Members.Contains(o))))];
    }

    /// <summary>The means over tasks that are needed, and what each is of.</summary>
    internal ImmutableArray<(Objective Mean, ImmutableArray<Objective> Members)> Means { get; }

    /// <summary>Every value needed, each once.</summary>
    internal ImmutableArray<Objective> Values { get; }

    /// <summary>The fingerprint of the text to score; null when none is needed.</summary>
    internal string? Text { get; }

    /// <summary>The tasks to score, in the order they are given in.</summary>
    internal ImmutableArray<TaskIdentity> Tasks { get; }

    internal bool HasMeasured => Values.Any(v => v.Kind == ObjectiveKind.Measured);

    /// <summary>Whether the speed of scoring is needed.</summary>
    internal bool HasScoringSpeed => Values.Any(v => v.Kind == ObjectiveKind.Measured && !ObjectiveCatalog.NeedsDecoding(v.Name));

    /// <summary>Whether the speed of decoding is needed, prefill included.</summary>
    internal bool HasDecodingSpeed => Values.Any(v => ObjectiveCatalog.NeedsDecoding(v.Name));
}
