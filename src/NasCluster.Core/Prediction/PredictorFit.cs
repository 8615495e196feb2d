namespace NasCluster.Core.Prediction;

/// <summary>How well an objective was predicted when a round was proposed.</summary>
/// <param name="Round">The round it was fitted for, from 1: round 0 has nothing to learn from.</param>
/// <param name="Objective">The objective's name.</param>
/// <param name="Kind">The kind of predictor that was kept.</param>
/// <param name="KendallTau">Kendall's tau-b between values and cross-validated predictions, -1 to 1; 0 where either are all equal.</param>
/// <param name="MeanAbsolutePercentageError">Mean of |prediction - value| / |value| of cross-validated predictions, as a share; values of 0 are left out.</param>
/// <param name="Samples">How many outcomes it was fitted to.</param>
public sealed record PredictorFit(
    int Round, string Objective, PredictorKind Kind, double KendallTau, double MeanAbsolutePercentageError, int Samples);
