using NasCluster.Core.Randomness;

namespace NasCluster.SmallWorld.Words;

/// <summary>Random choice among words and other things.</summary>
internal static class RandomWords
{
    /// <summary>One of some items, each as likely as the others.</summary>
    public static T Pick<T>(this IRandomSource random, IReadOnlyList<T> items) => items[random.NextInt(items.Count)];

    /// <summary>So many different items in random order.</summary>
    public static T[] Sample<T>(this IRandomSource random, IReadOnlyList<T> items, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, items.Count);
        T[] all = [.. items];
        for (var i = 0; i < count; i++)
        {
            var other = i + random.NextInt(all.Length - i);
            (all[i], all[other]) = (all[other], all[i]);
        }

        return all[..count];
    }

    /// <summary>A whole number, both ends included.</summary>
    public static int NextBetween(this IRandomSource random, int least, int most) => least + random.NextInt(most - least + 1);
}
