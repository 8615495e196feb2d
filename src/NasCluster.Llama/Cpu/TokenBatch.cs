namespace NasCluster.Llama.Cpu;

/// <summary>Sequences laid end to end in rows, and the rows in panels of 32: no row is spent on padding but at the very end.</summary>
internal sealed unsafe class TokenBatch : IDisposable
{
    /// <summary>Tokens in a panel.</summary>
    public const int Lanes = 32;

    private readonly BufferPool _pool;
    private readonly AlignedBuffer _angles;
    private readonly AlignedBuffer _masks;
    private readonly int[] _firstSegments;
    private readonly List<Segment> _segments = [];

    /// <summary>Lays out sequences.</summary>
    /// <param name="sequences">Token ids; none empty.</param>
    /// <param name="rotary">Angles for at least as many positions as the longest has.</param>
    /// <param name="pool">Working memory.</param>
    public TokenBatch(IReadOnlyList<ReadOnlyMemory<int>> sequences, RotaryTable rotary, BufferPool pool)
    {
        _pool = pool;
        FirstRows = new int[sequences.Count];
        for (var s = 0; s < sequences.Count; s++)
        {
            FirstRows[s] = Rows;
            Rows += sequences[s].Length;
            LongestSequence = Math.Max(LongestSequence, sequences[s].Length);
        }

        Panels = (Rows + Lanes - 1) / Lanes;
        Tokens = new int[Rows];
        _firstSegments = new int[Panels + 1];
        var panel = 0;
        for (var s = 0; s < sequences.Count; s++)
        {
            sequences[s].Span.CopyTo(Tokens.AsSpan(FirstRows[s]));
            for (var position = 0; position < sequences[s].Length;)
            {
                var row = FirstRows[s] + position;
                while (panel < row / Lanes)
                {
                    _firstSegments[++panel] = _segments.Count;
                }

                var count = Math.Min(Lanes - (row % Lanes), sequences[s].Length - position);
                _segments.Add(new Segment(FirstRows[s], row % Lanes, count, position));
                position += count;
            }
        }

        _firstSegments[Panels] = _segments.Count;
        HalfHead = rotary.HalfHead;
        _angles = pool.Rent(2L * Panels * HalfHead * Lanes);
        _masks = pool.Rent(2L * _segments.Count * Lanes);
        FillAngles(rotary);
        FillMasks();
    }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>How many panels.</summary>
    public int Panels { get; }

    /// <summary>Rows of the longest sequence.</summary>
    public int LongestSequence { get; }

    /// <summary>Each row's token id.</summary>
    public int[] Tokens { get; }

    /// <summary>Each sequence's first row.</summary>
    public int[] FirstRows { get; }

    private int HalfHead { get; }

    /// <summary>Cosines of a panel's rotary angles, [headSize / 2][32]; the sines follow them.</summary>
    public float* Angles(int panel) => _angles.Data + (2L * panel * HalfHead * Lanes);

    /// <summary>The segments of a panel: the runs of its lanes that belong to one sequence.</summary>
    public ReadOnlySpan<Segment> Segments(int panel) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_segments)[_firstSegments[panel].._firstSegments[panel + 1]];

    /// <summary>What the attention of a panel's segment number <paramref name="index"/> needs to know of places.</summary>
    public void Describe(int panel, int index, ref AttentionTask task)
    {
        var number = _firstSegments[panel] + index;
        var segment = _segments[number];
        task.FirstRow = segment.SequenceRow % Lanes;
        task.SharedEnd = task.FirstRow + segment.Position + 1;
        task.RowEnd = task.FirstRow + segment.Position + segment.Count;
        task.LastRow = _masks.Data + (2L * number * Lanes);
        task.Inside = task.LastRow + Lanes;
    }

    public void Dispose()
    {
        _pool.Return(_angles);
        _pool.Return(_masks);
    }

    private void FillAngles(RotaryTable rotary)
    {
        for (var panel = 0; panel < Panels; panel++)
        {
            var cosines = Angles(panel);
            var sines = cosines + (HalfHead * Lanes);
            new Span<float>(cosines, 2 * HalfHead * Lanes).Clear();
            foreach (var segment in Segments(panel))
            {
                for (var i = 0; i < HalfHead; i++)
                {
                    for (var t = 0; t < segment.Count; t++)
                    {
                        (cosines[(i * Lanes) + segment.Lane + t], sines[(i * Lanes) + segment.Lane + t]) = rotary[segment.Position + t, i];
                    }
                }
            }
        }
    }

    private void FillMasks()
    {
        for (var number = 0; number < _segments.Count; number++)
        {
            var segment = _segments[number];
            var lastRow = _masks.Data + (2L * number * Lanes);
            var inside = lastRow + Lanes;
            for (var lane = 0; lane < Lanes; lane++)
            {
                var t = lane - segment.Lane;
                var isInside = t >= 0 && t < segment.Count;
                lastRow[lane] = (segment.SequenceRow % Lanes) + (isInside ? segment.Position + t : 0);
                inside[lane] = isInside ? 1f : 0f;
            }
        }
    }

    /// <summary>A run of lanes of one panel that belong to one sequence.</summary>
    /// <param name="SequenceRow">First row of the sequence.</param>
    /// <param name="Lane">First lane of the run.</param>
    /// <param name="Count">Lanes.</param>
    /// <param name="Position">Place in the sequence of the first lane's token.</param>
    public readonly record struct Segment(int SequenceRow, int Lane, int Count, int Position);
}
