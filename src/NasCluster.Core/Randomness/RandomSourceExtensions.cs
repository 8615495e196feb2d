namespace NasCluster.Core.Randomness;

/// <summary>What any random source can do by its two draws.</summary>
public static class RandomSourceExtensions
{
    /// <summary>Puts the items in a uniformly random order (Fisher and Yates, from the back: one draw per item but the first).</summary>
    public static void Shuffle<T>(this IRandomSource random, Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = random.NextInt(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>True with a probability; takes one draw, whatever the probability is.</summary>
    public static bool NextBoolean(this IRandomSource random, double probability) => random.NextDouble() < probability;
}
