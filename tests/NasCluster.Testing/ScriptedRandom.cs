using NasCluster.Core.Randomness;

namespace NasCluster.Testing;

/// <summary>A random source that gives the numbers it was told to, in order, so that a test can state an operator's exact result.</summary>
/// <remarks>Asked for an integer where the script has a fraction, or the other way round, it fails: tests fix the order of draws too.</remarks>
public sealed class ScriptedRandom(params object[] script) : IRandomSource
{
    private int _next;

    /// <summary>How many numbers of the script were not drawn.</summary>
    public int Left => script.Length - _next;

    /// <inheritdoc/>
    public double NextDouble() => Next() is double value
        ? value
        : throw new InvalidOperationException($"Draw {_next - 1} is a fraction; the script has an integer.");

    /// <inheritdoc/>
    public int NextInt(int bound)
    {
        var value = Next() is int integer
            ? integer
            : throw new InvalidOperationException($"Draw {_next - 1} is an integer; the script has a fraction.");
        return value >= 0 && value < bound
            ? value
            : throw new InvalidOperationException($"Draw {_next - 1} has bound {bound}; the script has {value}.");
    }

    private object Next() => _next < script.Length
        ? script[_next++]
        : throw new InvalidOperationException($"More than the {script.Length} numbers of the script were drawn.");
}
