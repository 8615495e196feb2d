using NasCluster.Core.Randomness;
using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Core.Search.MaskEvolution;

/// <summary>Makes masks: the training-free start, mutants, children of two, all moved into the window of sizes where possible.</summary>
internal sealed class MaskBreeder
{
    private readonly MaskEvolutionOptions _options;
    private readonly MaskSpace _space;
    private readonly IRandomSource _random;
    private readonly int[][] _byImportance;

    public MaskBreeder(MaskEvolutionOptions options, MaskSpace space, IRandomSource random)
    {
        _options = options;
        _space = space;
        _random = random;

        // For each section its bits from the most to the least important; equal ones in their order.
        _byImportance = [.. space.Sections.Select(s => Enumerable.Range(s.Start, s.Length).OrderByDescending(i => options.Importance[i]).ToArray())];
    }

    /// <summary>The size nearest to the window among all that were met; null before the first.</summary>
    public long? NearestSize { get; private set; }

    /// <summary>
    /// The most important share of every section (arXiv 2409.17372, Eq. 1 to 3), moved into the window; at the greatest depth at which that can be.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    public MaskCandidate? Start()
    {
        if (!_options.StartMask.IsEmpty)
        {
            var given = new MaskCandidate(_space.Depths.Length - 1, [.. _options.StartMask]);
            if (MoveIntoWindow(given))
            {
                return given;
            }
        }

        for (var depth = _space.Depths.Length - 1; depth >= 0; depth--)
        {
            var start = new MaskCandidate(depth, new bool[_space.BitCount]);
            for (var index = 0; index < _space.Sections.Length; index++)
            {
                if (_space.Stays(_space.Sections[index].Layer, depth))
                {
                    Take(start.Mask, index, Math.Clamp(Round(_options.StartShare * _space.Sections[index].Length), Fewest(index), _space.Sections[index].Length));
                }
            }

            if (MoveIntoWindow(start))
            {
                return start;
            }
        }

        return null;
    }

    /// <summary>The smallest and the largest size that depths and shares allow.</summary>
    public (long Smallest, long Largest) Sizes()
    {
        var mask = new bool[_space.BitCount];
        for (var section = 0; section < _space.Sections.Length; section++)
        {
            Take(mask, section, Fewest(section));
        }

        var smallest = _space.BlockParameters(mask, 0);
        Array.Fill(mask, true);
        return (smallest, _space.BlockParameters(mask, _space.Depths.Length - 1));
    }

    /// <summary>A mutant.</summary>
    /// <returns>Null if it cannot be moved into the window.</returns>
    public MaskCandidate? Mutate(MaskCandidate parent, bool strongly)
    {
        var child = new MaskCandidate(parent.Depth, [.. parent.Mask]);
        if (_space.Depths.Length > 1 && !strongly && _random.NextBoolean(_options.DepthProbability))
        {
            child = ChangeDepth(child, _random.NextInt(_space.Depths.Length));
        }

        for (var index = 0; index < _space.Sections.Length; index++)
        {
            var section = _space.Sections[index];
            if (!_space.Stays(section.Layer, child.Depth))
            {
                continue;
            }

            var count = section.Of<bool>(child.Mask).Count(true);
            if (_random.NextBoolean(strongly ? _options.StrongShareProbability : _options.ShareProbability))
            {
                count = DrawCount(index);
            }

            if (_random.NextBoolean(strongly ? _options.StrongMaskProbability : _options.MaskProbability))
            {
                DropSome(child.Mask, index);
            }

            Refill(child.Mask, index, count);
        }

        return MoveIntoWindow(child) ? child : null;
    }

    /// <summary>A child that has each layer's masks, and the depth, of one of its parents.</summary>
    /// <returns>Null if it cannot be moved into the window.</returns>
    public MaskCandidate? Cross(MaskCandidate first, MaskCandidate second)
    {
        var child = new MaskCandidate(_random.NextInt(2) == 0 ? first.Depth : second.Depth, new bool[_space.BitCount]);
        for (var layer = 0; layer < _space.LayerCount; layer++)
        {
            var chosen = _random.NextInt(2) == 0 ? first : second;
            if (!_space.Stays(layer, child.Depth))
            {
                continue;
            }

            // Only one parent may have the layer at all.
            chosen = _space.Stays(layer, chosen.Depth) ? chosen : chosen == first ? second : first;
            foreach (var section in _space.Sections.Where(s => s.Layer == layer))
            {
                section.Of<bool>(chosen.Mask).CopyTo(section.Of(child.Mask.AsSpan()));
            }
        }

        return MoveIntoWindow(child) ? child : null;
    }

    private MaskCandidate ChangeDepth(MaskCandidate candidate, int depth)
    {
        for (var index = 0; index < _space.Sections.Length; index++)
        {
            var section = _space.Sections[index];
            var (before, after) = (_space.Stays(section.Layer, candidate.Depth), _space.Stays(section.Layer, depth));
            if (before && !after)
            {
                section.Of(candidate.Mask.AsSpan()).Clear();
            }
            else if (!before && after)
            {
                Take(candidate.Mask, index, DrawCount(index));
            }
        }

        return candidate with { Depth = depth };
    }

    /// <summary>Drops at most (1 - alpha) of what a section keeps, at least one; a fifth of ten is two, though 1 - .8 is less than .2 in binary.</summary>
    private void DropSome(bool[] mask, int index)
    {
        var kept = Kept(mask, index, true);
        var most = Math.Max(1, (int)(((1 - _options.Similarity) * kept.Count) + 1e-9));
        for (var left = Math.Min(kept.Count, 1 + _random.NextInt(most)); left > 0; left--)
        {
            Move(mask, kept, value: false);
        }
    }

    /// <summary>Adds omitted channels, or drops kept ones, until so many are kept.</summary>
    private void Refill(bool[] mask, int index, int count)
    {
        var kept = Kept(mask, index, true);
        var difference = count - kept.Count;
        var from = difference > 0 ? Kept(mask, index, false) : kept;
        for (var left = Math.Abs(difference); left > 0; left--)
        {
            Move(mask, from, value: difference > 0);
        }
    }

    /// <summary>Changes one of some bits: of those drawn the most important to be added, the least to be dropped.</summary>
    private void Move(bool[] mask, List<int> from, bool value)
    {
        var place = _random.NextInt(from.Count);
        for (var round = 1; round < _options.Tournament; round++)
        {
            var other = _random.NextInt(from.Count);
            var (drawn, best) = (_options.Importance[from[other]], _options.Importance[from[place]]);
            place = (value ? drawn > best : drawn < best) ? other : place;
        }

        mask[from[place]] = value;
        from[place] = from[^1];
        from.RemoveAt(from.Count - 1);
    }

    /// <summary>Adds the most important or drops the least important channels of sections drawn one by one, until the size is in the window.</summary>
    private bool MoveIntoWindow(MaskCandidate candidate)
    {
        var size = new MaskSize(_space, candidate);
        Note(size.Total);
        var grows = size.Total < _options.SmallestSize;
        if (IsInWindow(size.Total))
        {
            return true;
        }

        // A section that has reached its end, or whose step would overshoot the window, takes no further part.
        var places = new int[_space.Sections.Length];
        Array.Fill(places, grows ? 0 : -1);
        var open = Enumerable.Range(0, _space.Sections.Length).Where(i => _space.Stays(_space.Sections[i].Layer, candidate.Depth)).ToList();
        while (open.Count > 0)
        {
            var drawn = _random.NextInt(open.Count);
            var index = open[drawn];
            var section = _space.Sections[index];
            if (NextBit(candidate.Mask, index, grows, ref places[index], size.CountOf(section)) is { } bit)
            {
                size.Change(section, grows ? 1 : -1);
                Note(size.Total);
                if (grows ? size.Total <= _options.LargestSize : size.Total >= _options.SmallestSize)
                {
                    candidate.Mask[bit] = grows;
                    if (IsInWindow(size.Total))
                    {
                        return true;
                    }

                    continue;
                }

                size.Change(section, grows ? -1 : 1);
            }

            open.RemoveAt(drawn);
        }

        return false;
    }

    private bool IsInWindow(long size) => size >= _options.SmallestSize && size <= _options.LargestSize;

    private void Note(long size)
    {
        if (NearestSize is not { } nearest || Distance(size) < Distance(nearest))
        {
            NearestSize = size;
        }

        long Distance(long value) => Math.Max(0, Math.Max(_options.SmallestSize - value, value - _options.LargestSize));
    }

    /// <summary>The most important omitted bit of a section, or the least important kept one unless the fewest are left.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="index">The section.</param>
    /// <param name="grows">Which of the two.</param>
    /// <param name="place">Where in the order of importance the search begins, and has ended; bits passed by never come into question again.</param>
    /// <param name="count">How many bits are kept.</param>
    private int? NextBit(bool[] mask, int index, bool grows, ref int place, int count)
    {
        var bits = _byImportance[index];
        if (!grows && count <= Fewest(index))
        {
            return null;
        }

        place = place < 0 ? bits.Length - 1 : place;
        while (place >= 0 && place < bits.Length && mask[bits[place]] == grows)
        {
            place += grows ? 1 : -1;
        }

        return place >= 0 && place < bits.Length ? bits[place] : null;
    }

    private void Take(bool[] mask, int index, int count)
    {
        _space.Sections[index].Of(mask.AsSpan()).Clear();
        foreach (var bit in _byImportance[index].Take(count))
        {
            mask[bit] = true;
        }
    }

    private List<int> Kept(bool[] mask, int index, bool value)
    {
        var section = _space.Sections[index];
        return [.. Enumerable.Range(section.Start, section.Length).Where(i => mask[i] == value)];
    }

    private int DrawCount(int index)
    {
        var length = _space.Sections[index].Length;
        var steps = (int)(((1 - SmallestShare(index)) / _options.ShareStep) + 1e-9);
        return Math.Clamp(Round((1 - (_random.NextInt(steps + 1) * _options.ShareStep)) * length), Fewest(index), length);
    }

    private double SmallestShare(int index) => _space.Sections[index].Part == MaskPart.MlpChannel ? _options.SmallestMlpShare : _options.SmallestAttentionShare;

    private int Fewest(int index) => Math.Max(1, (int)Math.Ceiling((SmallestShare(index) * _space.Sections[index].Length) - 1e-9));

    private static int Round(double value) => (int)Math.Round(value, MidpointRounding.AwayFromZero);
}
