using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Fronts;

/// <summary>Which points of a front differ from a neighbour only within noise, and in which objective.</summary>
public static class NoiseMarks
{
    /// <summary>Differences below this many combined standard errors count as noise.</summary>
    public const double StandardErrors = 2;

    /// <summary>Marks the front's rows.</summary>
    /// <param name="objectives">The objectives; analytic ones are exact and never marked.</param>
    /// <param name="front">The front's rows.</param>
    /// <returns>For each marked trial the indices of the objectives in question, ascending.</returns>
    /// <remarks>
    /// Neighbours are the points next to each other in order of the objective in question; on a front of two objectives that
    /// is the front's own order. The combined standard error of a difference is sqrt(a² + b²), as if the two values came from
    /// independent data. Values scored on one text vary together, so the true error of their difference is usually smaller:
    /// the mark errs on the side of caution.
    /// </remarks>
    public static ImmutableSortedDictionary<TrialId, ImmutableArray<int>> Of(
        ImmutableArray<Objective> objectives, ImmutableArray<FrontRow> front)
    {
        var marks = ImmutableSortedDictionary.CreateBuilder<TrialId, ImmutableArray<int>>();
        for (var objective = 0; objective < objectives.Length; objective++)
        {
            if (objectives[objective].Kind == ObjectiveKind.Analytic)
            {
                continue;
            }

            var index = objective;
            var ordered = front.OrderBy(r => r.Values[index].Value).ThenBy(r => r.Trial).ToArray();
            for (var i = 0; i < ordered.Length; i++)
            {
                var below = i > 0 && WithinNoise(ordered[i].Values[index], ordered[i - 1].Values[index]);
                var above = i < ordered.Length - 1 && WithinNoise(ordered[i].Values[index], ordered[i + 1].Values[index]);
                if (below || above)
                {
                    marks[ordered[i].Trial] = (marks.TryGetValue(ordered[i].Trial, out var before) ? before : []).Add(index);
                }
            }
        }

        return marks.ToImmutable();
    }

    private static bool WithinNoise(ObjectiveValue a, ObjectiveValue b) =>
        Math.Abs(a.Value - b.Value) < StandardErrors * Math.Sqrt((a.StandardError * a.StandardError) + (b.StandardError * b.StandardError));
}
