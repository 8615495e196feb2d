namespace NasCluster.Core.Prediction;

/// <summary>The predictor that was kept.</summary>
/// <param name="Predictor">Fitted to all samples.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Validated">For each sample what was predicted without it.</param>
internal sealed record ChosenPredictor(IPredictor Predictor, PredictorKind Kind, double[] Validated);
