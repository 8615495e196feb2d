namespace NasCluster.Llama.Cpu;

/// <summary>Sequences laid end to end in rows, and the rows in panels of 32: no row is spent on padding but at the very end.</summary>
internal sealed class TokenBatch : TokenRows
{
    private readonly IReadOnlyList<Run> _runs;
    private readonly RotaryTable _rotary;
    private readonly BufferPool _pool;

    /// <summary>Lays out sequences.</summary>
    /// <param name="sequences">Token ids; none empty.</param>
    /// <param name="rotary">Angles for at least as many positions as the longest has.</param>
    /// <param name="pool">Working memory.</param>
    public TokenBatch(IReadOnlyList<ReadOnlyMemory<int>> sequences, RotaryTable rotary, BufferPool pool)
        : this(EndToEnd(sequences), sequences, rotary, pool)
    {
    }

    /// <summary>Lays out parts of sequences, one after another.</summary>
    /// <param name="runs">Where each is in its sequence, and where that one's keys are.</param>
    /// <param name="tokens">Token ids of each; none empty.</param>
    /// <param name="rotary">Angles for all their positions.</param>
    /// <param name="pool">Working memory.</param>
    public TokenBatch(IReadOnlyList<Run> runs, IReadOnlyList<ReadOnlyMemory<int>> tokens, RotaryTable rotary, BufferPool pool)
        : base(runs, rotary, pool)
    {
        _runs = runs;
        _rotary = rotary;
        _pool = pool;
        Tokens = new int[Rows];
        FirstRows = new int[runs.Count];
        var row = 0;
        for (var s = 0; s < runs.Count; s++)
        {
            FirstRows[s] = row;
            tokens[s].Span.CopyTo(Tokens.AsSpan(row));
            row += runs[s].Count;
        }
    }

    /// <summary>Each row's token id.</summary>
    public int[] Tokens { get; }

    /// <summary>First row of each sequence, or part of one.</summary>
    public int[] FirstRows { get; }

    /// <summary>Some of the rows, laid out anew without those between them; keys and values stay where this batch has them.</summary>
    /// <param name="rows">Ascending, each once.</param>
    public TokenRows Select(int[] rows)
    {
        var runs = new List<Run>();
        var lastOrigin = -1;
        foreach (var row in rows)
        {
            var found = Array.BinarySearch(FirstRows, row);
            var origin = found >= 0 ? found : ~found - 1;
            var position = _runs[origin].Position + row - FirstRows[origin];
            if (origin == lastOrigin && runs[^1] is var last && last.Position + last.Count == position)
            {
                runs[^1] = last with { Count = last.Count + 1 };
            }
            else
            {
                runs.Add(_runs[origin] with { Position = position, Count = 1 });
            }

            lastOrigin = origin;
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
