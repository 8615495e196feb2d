using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;

namespace NasCluster.Reporting.Progress;

/// <summary>Follows what evaluators count of themselves, so that their speed can be told from what they did lately.</summary>
/// <remarks>
/// Speed is evaluations over the time spent on them, both as the evaluator counted: how often it is looked at and how long it waited for work
/// do not matter. It is taken over the latest looks at which something was new; before there are two, over all its life.
/// </remarks>
internal sealed class EvaluatorRates
{
    private const int LooksKept = 16;
    private readonly Dictionary<EvaluatorId, Queue<EvaluatorTally>> _looks = [];

    /// <summary>Takes how the evaluators stand now.</summary>
    /// <param name="evaluators">Those to be shown; others are forgotten.</param>
    /// <returns>A row for each, in the same order.</returns>
    public ImmutableArray<EvaluatorRow> Take(IReadOnlyCollection<EvaluatorListing> evaluators)
    {
        foreach (var gone in _looks.Keys.Except(evaluators.Select(evaluator => evaluator.Evaluator)).ToArray())
        {
            _looks.Remove(gone);
        }

        return [.. evaluators.Select(evaluator => new EvaluatorRow
        {
            Name = evaluator.Evaluator.Value,
            Activity = evaluator.Activity,
            InHand = evaluator.InHand,
            BatchSize = evaluator.BatchSize,
            Evaluations = evaluator.Tally.Evaluations,
            Failed = evaluator.Tally.Failed,
            PerSecond = Speed(evaluator.Evaluator, evaluator.Tally),
            SuperNetworks = evaluator.Loaded.Length,
        })];
    }

    private double? Speed(EvaluatorId evaluator, EvaluatorTally now)
    {
        var looks = _looks.TryGetValue(evaluator, out var known) ? known : _looks[evaluator] = [];
        var last = looks.LastOrDefault();
        if (now.Evaluations < last.Evaluations)
        {
            looks.Clear(); // A directory that has just begun knows it only by hearsay, and counts from 0.
        }

        if (looks.Count == 0 || now.Evaluations > last.Evaluations)
        {
            looks.Enqueue(now);
        }

        if (looks.Count > LooksKept)
        {
            looks.Dequeue();
        }

        var since = looks.Count > 1 ? looks.Peek() : default;
        var seconds = (now.Evaluating - since.Evaluating).TotalSeconds;
        return now.Evaluations > since.Evaluations && seconds > 0 ? (now.Evaluations - since.Evaluations) / seconds : null;
    }
}
