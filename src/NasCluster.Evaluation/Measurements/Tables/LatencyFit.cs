using System.Collections.Immutable;
using NasCluster.Core.Numerics;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>Works the times of layer options out from those of whole networks, and checks them on others.</summary>
/// <remarks>
/// Relative errors are made least in squares, so that short times count as much as long ones, and no time may be negative. What a time varies
/// by is seen from working each round out alone: the standard error of a median of so many.
/// </remarks>
internal static class LatencyFit
{
    /// <summary>The section of one phase, batch and length.</summary>
    /// <param name="knots">The layer options.</param>
    /// <param name="fitted">Shapes to work times out from.</param>
    /// <param name="heldOut">Shapes to check on.</param>
    /// <param name="milliseconds">Of the networks (fitted, then held out) in every round.</param>
    /// <param name="phase">What was timed.</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="tokens">Tokens of each.</param>
    internal static LatencySection Section(
        LayerKnots knots, IReadOnlyList<LlamaConfiguration> fitted, IReadOnlyList<LlamaConfiguration> heldOut, double[,] milliseconds,
        MeasuredPhase phase, int batch, int tokens)
    {
        var polish = new MedianPolish(milliseconds);
        double[][] rows = [.. fitted.Select(knots.Weights)];
        var times = Solve(rows, polish.Rows);
        var rounds = Enumerable.Range(0, milliseconds.GetLength(1))
            .Select(round => Solve(rows, [.. Enumerable.Range(0, rows.Length).Select(i => polish.Levelled[i, round])])).ToArray();
        ImmutableArray<ObjectiveValue> values = [.. times.Select((time, k) => new ObjectiveValue(time, Spread([.. rounds.Select(r => r[k])])))];
        return new LatencySection(
            phase, batch, tokens, values[0], values[1..(1 + knots.AttentionCount)],
            values[(1 + knots.AttentionCount)..^knots.Sizes.Length], values[^knots.Sizes.Length..],
            Compare(rows, polish.Rows[..rows.Length]),
            Compare([.. heldOut.Select(knots.Weights)], polish.Rows[rows.Length..]),
            Median.Of(polish.StandardErrors[rows.Length..]));

        PredictionCheck Compare(double[][] weights, double[] measured) =>
            PredictionCheck.Of(measured, [.. weights.Select(w => LatencyTable.Sum(w, times))]);
    }

    // Not by medians: where most rounds give 0, those would say that nothing varies.
    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return values.Length < 2 ? 0 : Median.Factor * Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length);
    }

    private static double[] Solve(double[][] rows, double[] milliseconds) => NonNegativeLeastSquares.Solve(
        [.. rows.Select((row, i) => row.Select(weight => weight / milliseconds[i]).ToArray())], [.. Enumerable.Repeat(1.0, rows.Length)]);
}
