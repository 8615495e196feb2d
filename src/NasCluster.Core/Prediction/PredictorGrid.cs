using System.Collections.Immutable;
using NasCluster.Core.Numerics;

namespace NasCluster.Core.Prediction;

/// <summary>The predictors there are to choose from, and the choice.</summary>
/// <remarks>
/// As in LINAS (arXiv 2205.10358), ridge and radial-kernel regression over a grid of settings, the better by cross-validation kept;
/// the toolkit behind it has support vector regression for the latter. Not of theirs: what spans orders of magnitude, as the perplexities of
/// pruned networks do, is learned as its logarithm where that ranks better, since squared errors see little but the worst networks.
/// </remarks>
internal static class PredictorGrid
{
    /// <summary>How many folds samples are dealt into.</summary>
    public const int Folds = 5;

    /// <summary>Below so many samples there is nothing to choose by.</summary>
    public const int LeastSamples = 4;

    /// <summary>Positive targets whose greatest is more than so many times their least are learned as logarithms too.</summary>
    public const double LogarithmicRatio = 10;

    /// <summary>Simpler ones first: they are kept on a tie.</summary>
    public static ImmutableArray<IPredictorSetting> Settings { get; } =
    [
        .. new[] { 0.1, 0.3, 1.0, 3.0, 10.0 }.Select(alpha => new RidgeSetting(alpha)),
        .. from similarity in new[] { 0.98, 0.95, 0.9, 0.8, 0.65 }
           from alpha in new[] { 0.001, 0.01, 0.1, 1.0 }
           select new RadialKernelSetting(similarity, alpha),
    ];

    /// <summary>
    /// The setting with the least mean squared error in cross-validation, fitted to all samples; of targets and logarithms those whose
    /// cross-validated predictions are in better order, by Kendall's tau.
    /// </summary>
    /// <param name="samples">What to learn from.</param>
    /// <param name="targets">A finite value for each.</param>
    /// <param name="seed">Decides the folds.</param>
    public static ChosenPredictor Choose(Samples samples, double[] targets, ulong seed)
    {
        if (samples.Count < LeastSamples || Array.TrueForAll(targets, t => t == targets[0]))
        {
            var mean = targets.Length == 0 ? 0 : targets.Sum() / targets.Length;
            double[] means = [.. targets.Select(_ => mean)];
            return new ChosenPredictor(new ConstantPredictor(mean), PredictorKind.Constant, means);
        }

        var plain = ChooseBySquares(samples, targets, seed);
        if (!(targets.Min() is > 0 and var least && targets.Max() / least > LogarithmicRatio))
        {
            return plain;
        }

        var logarithm = ChooseBySquares(samples, [.. targets.Select(PortableLog.Of)], seed);
        return PredictionError.KendallTau(targets, logarithm.Validated) > PredictionError.KendallTau(targets, plain.Validated)
            ? new ChosenPredictor(new LogarithmicPredictor(logarithm.Predictor), logarithm.Kind, [.. logarithm.Validated.Select(PortableExp.Of)])
            : plain;
    }

    private static ChosenPredictor ChooseBySquares(Samples samples, double[] targets, ulong seed)
    {
        var validation = new CrossValidation(samples.Count, Folds, seed);
        var best = Settings[0];
        double[] bestPredictions = [];
        var least = double.PositiveInfinity;
        foreach (var setting in Settings)
        {
            var predictions = validation.Predict(setting, samples, targets);
            var error = PredictionError.MeanSquared(targets, predictions);
            if (error < least)
            {
                (best, bestPredictions, least) = (setting, predictions, error);
            }
        }

        int[] all = [.. Enumerable.Range(0, samples.Count)];
        return new ChosenPredictor(best.Fit(samples, targets, all), best.Kind, bestPredictions);
    }
}
