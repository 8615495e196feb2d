namespace NasCluster.Core.Randomness;

/// <summary>Where chance comes from: a seeded generator in a search, a script in a test.</summary>
public interface IRandomSource
{
    /// <summary>The next number, uniform in [0, 1).</summary>
    double NextDouble();

    /// <summary>The next integer, uniform in 0 to <paramref name="bound"/> - 1.</summary>
    /// <param name="bound">How many values there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    int NextInt(int bound);
}
