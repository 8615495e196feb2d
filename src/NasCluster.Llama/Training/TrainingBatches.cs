using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>Deals sequences out to steps, in a new random order each epoch. What a step gets depends on the seed and its number alone.</summary>
/// <param name="set">The sequences.</param>
/// <param name="batchTokens">A batch takes sequences until it has so many tokens to predict; it has at least one.</param>
/// <param name="seed">Decides the orders.</param>
internal sealed class TrainingBatches(TrainingSet set, int batchTokens, ulong seed)
{
    private readonly int[] _order = new int[set.Sequences.Length];
    private int[] _batchStarts = [];
    private long _firstBatch;
    private long _epoch = -1;

    /// <summary>The batch of a number, from 0. Going forward is cheap; going back starts over.</summary>
    public ImmutableArray<ScoringRequest> Batch(long number)
    {
        if (number < _firstBatch)
        {
            (_epoch, _firstBatch, _batchStarts) = (-1, 0, []);
        }

        while (number >= _firstBatch + Math.Max(0, _batchStarts.Length - 1))
        {
            _firstBatch += Math.Max(0, _batchStarts.Length - 1);
            _epoch++;
            Deal();
        }

        var place = (int)(number - _firstBatch);
        return [.. _order.AsSpan(_batchStarts[place].._batchStarts[place + 1]).ToArray().Select(i => set.Sequences[i])];
    }

    private void Deal()
    {
        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        new Xoshiro256(new SplitMix64(seed ^ (0xD1B54A32D192ED03 * (ulong)(_epoch + 1))).Next()).Shuffle(_order);
        var starts = new List<int> { 0 };
        var filled = 0;
        for (var i = 0; i < _order.Length; i++)
        {
            filled += set.Sequences[_order[i]].TokenIds.Length - 1;
            if (filled >= batchTokens)
            {
                starts.Add(i + 1);
                filled = 0;
            }
        }

        // The last sequences of an epoch make a smaller batch, rather than wait for the next one's.
        if (starts[^1] != _order.Length)
        {
            starts.Add(_order.Length);
        }

        _batchStarts = [.. starts];
    }
}
