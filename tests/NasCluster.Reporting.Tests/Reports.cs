using NasCluster.Core.Architectures;
using NasCluster.Core.Search;
using NasCluster.Reporting.Fronts;

namespace NasCluster.Reporting.Tests;

/// <summary>Small reports with known figures.</summary>
internal static class Reports
{
    public static readonly Objective Perplexity = new("perplexity", ObjectiveDirection.Minimise, ObjectiveKind.Scored);
    public static readonly Objective Parameters = new("parameters", ObjectiveDirection.Minimise, ObjectiveKind.Analytic);
    public static readonly Objective Speed = new("tokens_per_second", ObjectiveDirection.Maximise, ObjectiveKind.Measured);

    /// <summary>Five evaluated trials, three on the front, two of those within noise of each other.</summary>
    public static FrontReport Small { get; } = new()
    {
        Model = "stories260K",
        Objectives = [Perplexity, Parameters],
        Rows =
        [
            Row(7, 3.2, 0.04, 212_416, true, 172, 172, 172, 172, 172),
            Row(2, 3.25, 0.04, 190_000, true, 172, 128, 128, 172, 172),
            Row(11, 4.5, 0.06, 101_000, true, 64, 64, 64),
            Row(0, 5.25, 0.07, 150_000, false, 128, 128, 128),
            Row(4, 7.125, 0.1, 205_000, false, 172, 32, 172, 32, 172),
        ],
        Baseline = new FrontRow(new TrialId(0), "", null, [new(3.154, 0.04), new(259_584, 0)], OnFront: false),
        Budget = 20,
        Evaluations = 6,
        Seed = 1,
        Hypervolume = 423_456.78125,
        ReferencePoint = [8, 300_000],
        History = [new(1, 300_000), new(3, 350_000), new(4, 350_000), new(6, 423_456.78125)],
        Provenance = [new("super_network", "sha256:0123abcd"), new("text", "stories.txt, 4,096 tokens")],
    };

    /// <summary>A search as it really looks: many points, a front with bars, outliers.</summary>
    public static FrontReport Large { get; } = MakeLarge();

    public static FrontRow Row(long trial, double perplexity, double error, double parameters, bool onFront, params int[] widths) => new(
        new TrialId(trial),
        string.Join('-', widths),
        new Architecture([.. widths.Select((w, i) => new LayerArchitecture(i, ChannelSelection.Leading(4), ChannelSelection.Leading(w)))]),
        [new(perplexity, error), new(parameters, 0)],
        onFront);

    private static FrontReport MakeLarge()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 200).Select(i =>
        {
            var parameters = Math.Round(60_000 + (200_000 * Math.Pow(random.NextDouble(), 0.8)));
            var luck = i < 60 ? random.NextDouble() * 2.2 : random.NextDouble() * 0.7;
            var perplexity = 3.1 + (3.6 * Math.Pow(1 - ((parameters - 60_000) / 205_000), 1.7)) + luck;
            var layers = 3 + random.Next(3);
            return Row(i, perplexity, 0.035 + (0.01 * perplexity), parameters, false, [.. Enumerable.Range(0, layers).Select(_ => 32 * random.Next(1, 6))]);
        }).ToArray();
        var front = rows.Where(r => !rows.Any(o => o.Values[0].Value < r.Values[0].Value && o.Values[1].Value < r.Values[1].Value)).ToHashSet();
        return Small with
        {
            Rows = [.. rows.Select(r => r with { OnFront = front.Contains(r) })],
            Budget = 200,
            Evaluations = 200,
            Hypervolume = 703_112.25,
            History = [.. Enumerable.Range(20, 160).Select(i => new HypervolumePoint(i, 703_112.25 - Math.Floor(40 * Math.Exp((20 - i) / 35.0)) * 700))],
        };
    }
}
