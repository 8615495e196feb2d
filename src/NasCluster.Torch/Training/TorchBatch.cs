using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>Sequences on a device that are computed at once, padded at their ends; padding is never scored, so it has no gradient.</summary>
internal sealed class TorchBatch : IDisposable
{
    /// <param name="sequences">At least one; of each, all tokens but the last are read.</param>
    /// <param name="device">Where.</param>
    public TorchBatch(IReadOnlyList<ScoringRequest> sequences, Device device)
    {
        var length = sequences.Max(s => s.TokenIds.Length - 1);
        var padded = new long[sequences.Count * length];
        for (var i = 0; i < sequences.Count; i++)
        {
            for (var t = 0; t < sequences[i].TokenIds.Length - 1; t++)
            {
                padded[(i * length) + t] = sequences[i].TokenIds[t];
            }
        }

        var (rows, targets) = BatchPlan.Targets(sequences.Select((s, i) => (s, i * length)));
        Scored = rows.Length;
        Tokens = tensor(padded, [sequences.Count, length], device: device).DetachFromDisposeScope();
        Rows = tensor(Array.ConvertAll(rows, r => (long)r), device: device).DetachFromDisposeScope();
        Targets = tensor(Array.ConvertAll(targets, t => (long)t), [targets.Length, 1], device: device).DetachFromDisposeScope();
    }

    /// <summary>Scored tokens.</summary>
    public int Scored { get; }

    /// <summary>[sequences, length of the longest], int64.</summary>
    public Tensor Tokens { get; }

    /// <summary>[scored]: the row of the residual stream before each scored token, all different.</summary>
    public Tensor Rows { get; }

    /// <summary>[scored, 1]: the scored tokens.</summary>
    public Tensor Targets { get; }

    /// <summary>Parts a batch into ones of like lengths, of which none has more rows, padding included, than asked for or than its longest sequence.</summary>
    public static IEnumerable<ScoringRequest[]> Portions(IReadOnlyList<ScoringRequest> sequences, int rows)
    {
        var portion = new List<ScoringRequest>();
        foreach (var sequence in sequences.OrderByDescending(s => s.TokenIds.Length))
        {
            // The first of a portion is its longest.
            if (portion.Count > 0 && (portion.Count + 1L) * (portion[0].TokenIds.Length - 1) > rows)
            {
                yield return [.. portion];
                portion.Clear();
            }

            portion.Add(sequence);
        }

        yield return [.. portion];
    }

    public void Dispose()
    {
        Tokens.Dispose();
        Rows.Dispose();
        Targets.Dispose();
    }
}
