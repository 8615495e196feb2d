namespace NasCluster.Core.Specification;

/// <summary>Guesses what a misspelt word was meant to be.</summary>
public static class Spelling
{
    private const int LongestCompared = 64;

    /// <summary>The known word nearest to one that is not known, if any is near enough to be a slip.</summary>
    /// <remarks>Near is at most a third of the longer word's letters changed, added, left out or swapped (at least one).</remarks>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestCompared)
        {
            return null;
        }

        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(word, candidate);
            if (distance < bestDistance && distance <= Math.Max(1, Math.Max(word.Length, candidate.Length) / 3))
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>The same as an addition to a message, with a leading space: <c>(did you mean population?)</c>; empty when nothing is near.</summary>
    public static string Suggestion(string word, IEnumerable<string> known) => Nearest(word, known) is { } near ? $" (did you mean {near}?)" : "";

    // Optimal string alignment: Levenshtein's distance with swaps of neighbours counted as one change.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(change, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
