using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Search;
using NasCluster.Reporting.Formatting;

namespace NasCluster.Reporting.Plots;

/// <summary>One axis of a plot: the range shown, where its ticks are, and what stands beside them.</summary>
internal sealed class Axis
{
    // Values spread over more than this factor are shown by their logarithm: one broken network must not flatten the rest.
    private const double LogFactor = 12;
    private const double Margin = 0.05;

    /// <summary>The quantity of an axis of growth in percent: its labels say by their sign that zero is a start, not nothing.</summary>
    public const string GainInPercent = "gain_percent";

    private Axis(string title, string objective, double minimum, double maximum, bool isLog, ImmutableArray<double> ticks)
    {
        Title = title;
        Minimum = minimum;
        Maximum = maximum;
        IsLog = isLog;
        Ticks = ticks;
        Labels = LabelsOf(objective, ticks, isLog);
    }

    public string Title { get; }

    public double Minimum { get; }

    public double Maximum { get; }

    public bool IsLog { get; }

    public ImmutableArray<double> Ticks { get; }

    /// <summary>One per tick.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>The axis of one objective over values; those must be finite.</summary>
    public static Axis ForObjective(Objective objective, IEnumerable<double> values, int mostTicks)
    {
        return Fitted($"{Quantity.Words(objective.Name)} ({Quantity.Better(objective.Direction)})", objective.Name, values, mostTicks);
    }

    /// <summary>An axis over values, which must be finite; by their logarithm where they spread far.</summary>
    public static Axis Fitted(string title, string quantity, IEnumerable<double> values, int mostTicks)
    {
        var (low, high) = Range(values);
        if (low > 0 && high / low >= LogFactor)
        {
            var padding = Math.Pow(high / low, Margin);
            (low, high) = (low / padding, high * padding);
            return new Axis(title, quantity, low, high, isLog: true, LogTicks(low, high, mostTicks));
        }

        var margin = Margin * (high - low);
        return new Axis(title, quantity, low - margin, high + margin, isLog: false, LinearTicks(low - margin, high + margin, mostTicks));
    }

    /// <summary>An axis over a fixed range, such as the evaluations of a budget.</summary>
    public static Axis Fixed(string title, string quantity, double minimum, double maximum, int mostTicks) =>
        new(title, quantity, minimum, maximum, isLog: false, LinearTicks(minimum, maximum, mostTicks));

    /// <summary>Where a value lies: 0 at the minimum, 1 at the maximum.</summary>
    public double Place(double value) => IsLog
        ? (Math.Log(value) - Math.Log(Minimum)) / (Math.Log(Maximum) - Math.Log(Minimum))
        : (value - Minimum) / (Maximum - Minimum);

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        var low = double.PositiveInfinity;
        var high = double.NegativeInfinity;
        foreach (var value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (low > high)
        {
            return (0, 1);
        }

        // One value alone still needs a range to stand in.
        return high - low > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)) ? (low, high)
            : low == 0 ? (-1, 1)
            : (low - (0.1 * Math.Abs(low)), high + (0.1 * Math.Abs(high)));
    }

    private static ImmutableArray<double> LinearTicks(double low, double high, int most)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / most)));
        var step = new[] { 1.0, 2, 5, 10, 20 }.Select(m => m * power).First(s => Multiples(low, high, s).Length <= most);
        return Multiples(low, high, step);
    }

    private static ImmutableArray<double> Multiples(double low, double high, double step)
    {
        var ticks = ImmutableArray.CreateBuilder<double>();
        var slack = 1e-9 * (high - low);
        for (var i = Math.Ceiling((low - slack) / step); i * step <= high + slack; i++)
        {
            ticks.Add(i == 0 ? 0 : i * step);
        }

        return ticks.ToImmutable();
    }

    private static ImmutableArray<double> LogTicks(double low, double high, int most)
    {
        foreach (var digits in new double[][] { [1, 2, 3, 5], [1, 2, 5], [1, 3], [1] })
        {
            var ticks = LogTicks(low, high, digits, 1);
            if (ticks.Length <= most)
            {
                return ticks;
            }
        }

        var decades = Math.Log10(high / low);
        return LogTicks(low, high, [1], (int)Math.Ceiling(decades / most));
    }

    private static ImmutableArray<double> LogTicks(double low, double high, double[] digits, int everyDecade) =>
    [
        .. from exponent in Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 2)
           where exponent % everyDecade == 0
           from digit in digits
           let tick = digit * Math.Pow(10, exponent)
           where tick >= low && tick <= high
           select tick,
    ];

    private static ImmutableArray<string> LabelsOf(string objective, ImmutableArray<double> ticks, bool isLog)
    {
        if (ticks.IsEmpty)
        {
            return [];
        }

        if (isLog)
        {
            return [.. ticks.Select(t => Label(t, Quantity.ScaleFor(objective, t)))];
        }

        var scale = Quantity.ScaleFor(objective, ticks.Max(Math.Abs));
        var step = ticks.Length > 1 ? (ticks[1] - ticks[0]) / scale.Divisor : Math.Abs(ticks[0] / scale.Divisor);
        var decimals = step > 0 ? Math.Clamp(-(int)Math.Floor(Math.Log10(step) + 1e-9), 0, 9) : 0;
        if (objective == GainInPercent)
        {
            return [.. ticks.Select(t => (t >= 0 ? "+" : "") + Quantity.Fixed(t, decimals) + " %")];
        }

        return [.. ticks.Select(t => t == 0 ? "0" : Quantity.Fixed(t / scale.Divisor, decimals) + scale.Suffix)];
    }

    private static string Label(double tick, Scale scale)
    {
        var value = tick / scale.Divisor;
        return (value is >= 1e-4 and < 1e6 ? value.ToString("#,0.####", CultureInfo.InvariantCulture) : value.ToString("0.#e+0", CultureInfo.InvariantCulture))
            + scale.Suffix;
    }
}
