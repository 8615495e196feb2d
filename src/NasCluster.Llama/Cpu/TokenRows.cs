using System.Runtime.InteropServices;

namespace NasCluster.Llama.Cpu;

/// <summary>Rows in panels of 32, each a token of some sequence: what queries need to know of their places.</summary>
internal unsafe class TokenRows : IDisposable
{
    /// <summary>Tokens in a panel.</summary>
    public const int Lanes = 32;

    private readonly BufferPool _pool;
    private readonly AlignedBuffer _angles;
    private readonly AlignedBuffer _masks;
    private readonly int[] _firstSegments;
    private readonly List<Segment> _segments = [];
    private readonly int _halfHead;

    /// <summary>Lays out rows.</summary>
    /// <param name="runs">Rows in order.</param>
    /// <param name="rotary">Angles for all their positions.</param>
    /// <param name="pool">Working memory.</param>
    public TokenRows(IReadOnlyList<Run> runs, RotaryTable rotary, BufferPool pool)
    {
        _pool = pool;
        Rows = runs.Sum(r => r.Count);
        LongestSequence = runs.Select(r => r.Position + r.Count).DefaultIfEmpty().Max();
        MostRanges = runs.Select(r => r.Before.Length).DefaultIfEmpty().Max();
        Panels = (Rows + Lanes - 1) / Lanes;
        _firstSegments = new int[Panels + 1];
        Divide(runs);
        _halfHead = rotary.HalfHead;
        _angles = pool.Rent(2L * Panels * _halfHead * Lanes);
        _masks = pool.Rent(2L * _segments.Count * Lanes);
        FillAngles(rotary);
        FillMasks();
    }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>How many panels.</summary>
    public int Panels { get; }

    /// <summary>The most keys that a row sees.</summary>
    public int LongestSequence { get; }

    /// <summary>The most ranges that the keys before a run lie in.</summary>
    public int MostRanges { get; }

    /// <summary>Cosines of a panel's rotary angles, [headSize / 2][32]; the sines follow them.</summary>
    public float* Angles(int panel) => _angles.Data + (2L * panel * _halfHead * Lanes);

    /// <summary>The segments of a panel: the runs of its lanes that belong to one sequence.</summary>
    public ReadOnlySpan<Segment> Segments(int panel) => CollectionsMarshal.AsSpan(_segments)[_firstSegments[panel].._firstSegments[panel + 1]];

    /// <summary>What the attention of a panel's segment number <paramref name="index"/> needs to know of places.</summary>
    public void Describe(int panel, int index, ref AttentionTask task)
    {
        var number = _firstSegments[panel] + index;
        var segment = _segments[number];
        task.Before = segment.Before;
        task.Lane = segment.Lane;
        task.Count = segment.Count;
        task.FirstRow = segment.SequenceRow % Lanes;
        task.SharedEnd = task.FirstRow + segment.Place + 1;
        task.RowEnd = task.FirstRow + segment.Place + segment.Count;
        task.LastRow = _masks.Data + (2L * number * Lanes);
        task.Inside = task.LastRow + Lanes;
    }

    public void Dispose()
    {
        _pool.Return(_angles);
        _pool.Return(_masks);
    }

    private void Divide(IReadOnlyList<Run> runs)
    {
        var row = 0;
        var panel = 0;
        foreach (var run in runs)
        {
            for (var done = 0; done < run.Count;)
            {
                while (panel < row / Lanes)
                {
                    _firstSegments[++panel] = _segments.Count;
                }

                var count = Math.Min(Lanes - (row % Lanes), run.Count - done);
                _segments.Add(new Segment(run.SequenceRow, row % Lanes, count, run.Position + done, run.Place + done, run.Before));
                done += count;
                row += count;
            }
        }

        _firstSegments[Panels] = _segments.Count;
    }

    private void FillAngles(RotaryTable rotary)
    {
        for (var panel = 0; panel < Panels; panel++)
        {
            var cosines = Angles(panel);
            var sines = cosines + (_halfHead * Lanes);
            new Span<float>(cosines, 2 * _halfHead * Lanes).Clear();
            foreach (var segment in Segments(panel))
            {
                for (var i = 0; i < _halfHead; i++)
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
                lastRow[lane] = (segment.SequenceRow % Lanes) + (isInside ? segment.Place + t : 0);
                inside[lane] = isInside ? 1f : 0f;
            }
        }
    }

    /// <summary>Rows that are neighbours in one sequence.</summary>
    /// <param name="SequenceRow">Row of the sequence's first key, or of the first that is not <see cref="Before"/>.</param>
    /// <param name="Position">Place in the sequence of the first row's token.</param>
    /// <param name="Count">Rows.</param>
    public readonly record struct Run(int SequenceRow, int Position, int Count)
    {
        /// <summary>Where the sequence's first keys lie, in their order, if they were computed for another sequence.</summary>
        public KeyRange[] Before { get; init; } = [];

        /// <summary>Place of the first row's key among those from <see cref="SequenceRow"/> on.</summary>
        public int Place => Position - Before.Sum(b => b.Count);
    }

    /// <summary>A run of lanes of one panel that belong to one sequence.</summary>
    /// <param name="SequenceRow">As in <see cref="Run"/>.</param>
    /// <param name="Lane">First lane of the run.</param>
    /// <param name="Count">Lanes.</param>
    /// <param name="Position">Place in the sequence of the first lane's token.</param>
    /// <param name="Place">Place of its key among those from <paramref name="SequenceRow"/> on.</param>
    /// <param name="Before">As in <see cref="Run"/>.</param>
    public readonly record struct Segment(int SequenceRow, int Lane, int Count, int Position, int Place, KeyRange[] Before);
}
