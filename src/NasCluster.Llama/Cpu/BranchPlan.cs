namespace NasCluster.Llama.Cpu;

/// <summary>Which sequences are computed together, and what of each was computed for another one already.</summary>
/// <remarks>
/// In lexical order a sequence has most in common with the one before it. What all sequences of a batch have in common does not count
/// towards the batch's size, or the questions behind one long prompt would each need a batch of their own; so a batch has at most as many
/// rows as it may, and those of one sequence. Between batches nothing is kept: a prompt is computed once for each batch.
/// </remarks>
internal static class BranchPlan
{
    /// <summary>
    /// Fewer tokens in common are computed again: attention goes over each range of keys by itself, in tiles of 8, for every sequence in a
    /// panel, so short ranges save little or nothing. With 8 tokens in common of 13 the benchmark was 1.6 times as fast.
    /// </summary>
    public const int LeastShared = 8;

    /// <summary>Rows that are left to compute where all that is worth sharing is shared, whatever the size of batches; at least so many are.</summary>
    /// <param name="inputs">Sequences of which none begins with another whole.</param>
    /// <param name="least">The shortest beginning that is shared.</param>
    public static long DistinctRows(IReadOnlyList<SharedInput> inputs, int least = LeastShared)
    {
        var sorted = Sorted(inputs);
        return sorted.Select((input, i) => (long)input.Tokens.Length - (i > 0 && InCommon(sorted[i - 1], input) is var shared && shared >= least ? shared : 0)).Sum();
    }

    /// <summary>Divides sequences into batches.</summary>
    /// <param name="inputs">Sequences of which none begins with another whole.</param>
    /// <param name="batchTokens">Rows of a batch at most, without those that all its sequences share; a longer sequence is a batch of its own.</param>
    /// <param name="least">The shortest beginning that is shared.</param>
    public static IEnumerable<Branch[]> Split(IReadOnlyList<SharedInput> inputs, int batchTokens, int least = LeastShared)
    {
        var sorted = Sorted(inputs);
        var inCommon = sorted.Select((input, i) => i > 0 ? InCommon(sorted[i - 1], input) : 0).ToArray();
        for (var first = 0; first < sorted.Length;)
        {
            var branches = Fill(sorted, inCommon, first, batchTokens, least);
            yield return branches;
            first += branches.Length;
        }
    }

    private static Branch[] Fill(SharedInput[] sorted, int[] inCommon, int first, int batchTokens, int leastShared)
    {
        var branches = new List<Branch> { new(sorted[first], 0) };
        List<int> ends = [sorted[first].Tokens.Length];
        var (rows, common) = ((long)ends[0], ends[0]);
        for (var i = first + 1; i < sorted.Length; i++)
        {
            var next = new Branch(sorted[i], Worth(ends, inCommon[i], leastShared));
            var commonToo = Math.Min(common, next.Shared);
            if (rows + next.Own - commonToo > batchTokens)
            {
                // Where little is lost by it, the batch ends between two questions rather than between two answers.
                var least = first + (branches.Count * 3 / 4);
                var end = i;
                for (var j = i - 1; j > least; j--)
                {
                    end = inCommon[j] < inCommon[end] ? j : end;
                }

                return [.. branches.Take(end - first)];
            }

            branches.Add(next);
            ends.Add(sorted[i].Tokens.Length);
            (rows, common) = (rows + next.Own, commonToo);
        }

        return [.. branches];
    }

    // How much of what is in common to take, and in ends where the ranges it lies in end: no range is shorter than the least.
    private static int Worth(List<int> ends, int inCommon, int least)
    {
        var whole = ends.FindIndex(e => e >= inCommon);
        var begin = whole > 0 ? ends[whole - 1] : 0;
        ends.RemoveRange(whole, ends.Count - whole);
        if (inCommon - begin < least)
        {
            return begin;
        }

        ends.Add(inCommon);
        return inCommon;
    }

    private static int InCommon(SharedInput one, SharedInput other) => one.Tokens.Span.CommonPrefixLength(other.Tokens.Span);

    private static SharedInput[] Sorted(IReadOnlyList<SharedInput> inputs)
    {
        SharedInput[] sorted = [.. inputs];
        Array.Sort(sorted, (a, b) => a.Tokens.Span.SequenceCompareTo(b.Tokens.Span));
        return sorted;
    }
}
