namespace NasCluster.Core.Specification;

/// <summary>How analytic costs are counted.</summary>
public sealed record CostSpec
{
    /// <summary>How weights are stored, for <c>memory_bytes</c>.</summary>
    public WeightFormat Weights { get; init; } = WeightFormat.Float32;

    /// <summary>Tokens that a token attends to, itself included, for <c>macs_per_token</c>; null for the window of the data.</summary>
    public int? Context { get; init; }
}
