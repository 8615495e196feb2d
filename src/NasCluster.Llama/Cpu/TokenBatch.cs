namespace NasCluster.Llama.Cpu;

/// <summary>Sequences laid end to end in rows, and the rows in panels of 32: no row is spent on padding but at the very end.</summary>
internal sealed class TokenBatch : TokenRows
{
    private readonly RotaryTable _rotary;
    private readonly BufferPool _pool;

    /// <summary>Lays out sequences.</summary>
    /// <param name="sequences">Token ids; none empty.</param>
    /// <param name="rotary">Angles for at least as many positions as the longest has.</param>
    /// <param name="pool">Working memory.</param>
    public TokenBatch(IReadOnlyList<ReadOnlyMemory<int>> sequences, RotaryTable rotary, BufferPool pool)
        : base(EndToEnd(sequences), rotary, pool)
    {
        _rotary = rotary;
        _pool = pool;
        Tokens = new int[Rows];
        FirstRows = [.. EndToEnd(sequences).Select(r => r.SequenceRow)];
        for (var s = 0; s < sequences.Count; s++)
        {
            sequences[s].Span.CopyTo(Tokens.AsSpan(FirstRows[s]));
        }
    }

    /// <summary>Each row's token id.</summary>
    public int[] Tokens { get; }

    /// <summary>Each sequence's first row.</summary>
    public int[] FirstRows { get; }

    /// <summary>Some of the rows, laid out anew without those between them; keys and values stay where this batch has them.</summary>
    /// <param name="rows">Ascending, each once.</param>
    public TokenRows Select(int[] rows)
    {
        var runs = new List<Run>();
        foreach (var row in rows)
        {
            var found = Array.BinarySearch(FirstRows, row);
            var sequenceRow = FirstRows[found >= 0 ? found : ~found - 1];
            var position = row - sequenceRow;
            if (runs.Count > 0 && runs[^1] is var last && last.SequenceRow == sequenceRow && last.Position + last.Count == position)
            {
                runs[^1] = last with { Count = last.Count + 1 };
            }
            else
            {
                runs.Add(new Run(sequenceRow, position, 1));
            }
        }

        return new TokenRows(runs, _rotary, _pool);
    }

    private static List<Run> EndToEnd(IReadOnlyList<ReadOnlyMemory<int>> sequences)
    {
        var runs = new List<Run>(sequences.Count);
        var row = 0;
        foreach (var sequence in sequences)
        {
            runs.Add(new Run(row, 0, sequence.Length));
            row += sequence.Length;
        }

        return runs;
    }
}
