namespace NasCluster.Core.Specification;

/// <summary>How outcomes are predicted, by searches that do.</summary>
public sealed record PredictorSpec
{
    /// <summary>Candidates predicted for each round; null for 10,000 with LINAS and 2,000 with EHVI.</summary>
    public int? InnerEvaluations { get; init; }
}
