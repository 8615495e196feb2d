using System.Globalization;

namespace NasCluster.Core.Specification;

/// <summary>The numbers a key may take.</summary>
/// <param name="Minimum">Lower bound.</param>
/// <param name="Maximum">Upper bound, itself allowed; infinite for none.</param>
/// <param name="OpenBelow">Whether <paramref name="Minimum"/> itself is forbidden.</param>
public sealed record NumberRange(double Minimum, double Maximum = double.PositiveInfinity, bool OpenBelow = false)
{
    /// <summary>Probabilities.</summary>
    public static NumberRange Probability { get; } = new(0, 1);

    /// <summary>Whether a number lies in the range. NaN and infinities never do.</summary>
    public bool Contains(double value) => double.IsFinite(value) && (OpenBelow ? value > Minimum : value >= Minimum) && value <= Maximum;

    /// <summary>The problem with a number outside the range; null when it lies inside.</summary>
    /// <param name="key">Path of its key.</param>
    /// <param name="value">The number found.</param>
    public SpecProblem? Check(string key, double value) =>
        Contains(value) ? null : new(key, $"{key} is {Format(value)}; it must be {this}.");

    /// <summary>How a message says it: <c>in [0, 1]</c>, <c>greater than 0</c>, <c>at least 1</c>.</summary>
    public override string ToString()
    {
        var low = Format(Minimum);
        var high = Format(Maximum);
        return double.IsPositiveInfinity(Maximum)
            ? (OpenBelow ? $"greater than {low}" : $"at least {low}")
            : $"in {(OpenBelow ? '(' : '[')}{low}, {high}]";
    }

    // Whole numbers in full: nobody writes a seed or a count as 9.007E+15.
    private static string Format(double value) =>
        value.ToString(Math.Floor(value) == value && Math.Abs(value) < 1e18 ? "F0" : "R", CultureInfo.InvariantCulture);
}
