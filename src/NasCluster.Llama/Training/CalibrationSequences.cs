using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>A random sample of a training set, as batches of one sequence each: what importance is measured on.</summary>
public static class CalibrationSequences
{
    /// <summary>Draws sequences; each comes once at most, unless more are asked for than the set has.</summary>
    /// <param name="set">The sequences.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Decides which.</param>
    public static IReadOnlyList<IReadOnlyList<ScoringRequest>> Draw(TrainingSet set, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

        // Another order than the training's own, which comes from the seed as it is.
        var batches = new TrainingBatches(set, 1, ~seed);
        return [.. Enumerable.Range(0, count).Select(i => (IReadOnlyList<ScoringRequest>)batches.Batch(i))];
    }
}
