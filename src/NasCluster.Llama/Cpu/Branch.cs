namespace NasCluster.Llama.Cpu;

/// <summary>A sequence in a batch, computed from where it parts from the one before it there.</summary>
/// <param name="Input">The sequence.</param>
/// <param name="Shared">How many of its first tokens it has in common with the one before it, and takes from there.</param>
internal sealed record Branch(SharedInput Input, int Shared)
{
    /// <summary>Rows to compute.</summary>
    public int Own => Input.Tokens.Length - Shared;

    /// <summary>Lays branches out in a batch.</summary>
    /// <param name="branches">At least one; the first shares nothing.</param>
    public static TokenRows.Run[] Lay(IReadOnlyList<Branch> branches)
    {
        var runs = new TokenRows.Run[branches.Count];
        List<KeyRange> path = [];
        var row = 0;
        for (var i = 0; i < branches.Count; i++)
        {
            Cut(path, branches[i].Shared);
            runs[i] = new TokenRows.Run(row, branches[i].Shared, branches[i].Own) { Before = [.. path] };
            path.Add(new KeyRange(row, branches[i].Own));
            row += branches[i].Own;
        }

        return runs;
    }

    private static void Cut(List<KeyRange> path, int count)
    {
        for (var i = 0; i < path.Count; i++)
        {
            if (count <= path[i].Count)
            {
                path[i] = path[i] with { Count = count };
                path.RemoveRange(count > 0 ? i + 1 : i, path.Count - i - (count > 0 ? 1 : 0));
                return;
            }

            count -= path[i].Count;
        }
    }
}
