namespace NasCluster.Core.Prediction;

/// <summary>What a search that predicts can say about its predictors; a host asks whether its search is one.</summary>
public interface IPredictorQuality
{
    /// <summary>Every fit so far, by round and then in the order of the objectives; those computed from the genome are never predicted.</summary>
    IReadOnlyList<PredictorFit> Fits { get; }
}
