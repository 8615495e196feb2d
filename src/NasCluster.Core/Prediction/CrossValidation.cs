using System.Collections.Immutable;
using NasCluster.Core.Randomness;

namespace NasCluster.Core.Prediction;

/// <summary>Samples dealt into folds, each of which is predicted from the others.</summary>
internal sealed class CrossValidation
{
    private readonly int[][] _folds;
    private readonly int[][] _others;

    /// <summary>Deals samples out, at random and as evenly as can be.</summary>
    /// <param name="samples">How many samples, at least 2.</param>
    /// <param name="folds">How many folds, at least 2; no more than samples are made.</param>
    /// <param name="seed">Decides which sample is in which fold.</param>
    public CrossValidation(int samples, int folds, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, samples)];
        new Xoshiro256(seed).Shuffle(order.AsSpan());
        var count = Math.Min(folds, samples);
        _folds = [.. Enumerable.Range(0, count).Select(fold => order.Where((_, place) => place % count == fold).Order().ToArray())];
        _others = [.. _folds.Select(fold => Enumerable.Range(0, samples).Except(fold).ToArray())];
    }

    /// <summary>The folds: indices of samples, ascending.</summary>
    public ImmutableArray<int[]> Folds => [.. _folds];

    /// <summary>Predicts each sample from the folds it is not in.</summary>
    public double[] Predict(IPredictorSetting setting, Samples samples, ReadOnlySpan<double> targets)
    {
        var predictions = new double[samples.Count];
        for (var fold = 0; fold < _folds.Length; fold++)
        {
            var predictor = setting.Fit(samples, targets, _others[fold]);
            foreach (var sample in _folds[fold])
            {
                predictions[sample] = predictor.Predict(samples[sample]);
            }
        }

        return predictions;
    }
}
