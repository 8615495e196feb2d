using System.Collections.Immutable;
using NasCluster.Core.Search;

namespace NasCluster.Reporting.Fronts;

/// <summary>A front of more than two objectives as fronts of two, which a plane can show: what each scored objective costs.</summary>
public static class FrontProjection
{
    /// <summary>One report for each scored objective against the first other one; the report itself where it has no more than two objectives, or only one kind.</summary>
    /// <param name="report">The report; its hypervolume and history, which mean nothing for two of its objectives, are left out of others.</param>
    /// <exception cref="ArgumentException">A row does not fit the objectives.</exception>
    public static ImmutableArray<FrontReport> Of(FrontReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        report.ThrowIfInconsistent();
        var indices = Enumerable.Range(0, report.Objectives.Length);
        int[] scored = [.. indices.Where(i => report.Objectives[i].Kind == ObjectiveKind.Scored)];
        var cost = indices.FirstOrDefault(i => report.Objectives[i].Kind != ObjectiveKind.Scored, -1);
        return report.Objectives.Length <= 2 || scored.Length == 0 || cost < 0 ? [report] : [.. scored.Select(i => Project(report, i, cost))];
    }

    private static FrontReport Project(FrontReport report, int up, int across)
    {
        var directions = new[] { report.Objectives[up].Direction, report.Objectives[across].Direction };
        var rows = report.Rows.Select(Narrow).ToArray();
        var front = rows.Where(r => r.OnFront).ToArray();
        return report with
        {
            Objectives = [report.Objectives[up], report.Objectives[across]],
            Rows = [.. rows.Select(r => r with { OnFront = r.OnFront && !front.Any(other => Dominates(other, r)) })],
            Baseline = report.Baseline is { } baseline ? Narrow(baseline) : null,
            Hypervolume = null,
            ReferencePoint = [],
            History = [],
        };

        FrontRow Narrow(FrontRow row) => row with
        {
            Values = [row.Values[up], row.Values[across]],
            ReportValues = row.ReportValues.IsEmpty ? [] : [row.ReportValues[up], row.ReportValues[across]],
        };

        bool Dominates(FrontRow left, FrontRow right)
        {
            var better = false;
            for (var k = 0; k < directions.Length; k++)
            {
                var sign = directions[k] == ObjectiveDirection.Minimise ? 1 : -1;
                var difference = sign * left.Values[k].Value.CompareTo(right.Values[k].Value);
                if (difference > 0)
                {
                    return false;
                }

                better |= difference < 0;
            }

            return better;
        }
    }
}
