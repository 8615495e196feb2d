using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>A random sample of a training set, in batches: what importance is measured on.</summary>
public static class CalibrationBatches
{
    /// <summary>Deals batches out; each sequence is in one at most, unless more are asked for than the set has.</summary>
    /// <param name="set">The sequences.</param>
    /// <param name="batchTokens">A batch takes sequences until it has so many tokens to predict.</param>
    /// <param name="count">How many batches, at least 1.</param>
    /// <param name="seed">Decides which.</param>
    public static IReadOnlyList<IReadOnlyList<ScoringRequest>> Of(TrainingSet set, int batchTokens, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

        // Training must not see them first: its own order comes from the seed as it is.
        var batches = new TrainingBatches(set, batchTokens, ~seed);
        return [.. Enumerable.Range(0, count).Select(i => (IReadOnlyList<ScoringRequest>)batches.Batch(i))];
    }
}
