namespace NasCluster.Core.Specification;

/// <summary>Bounds on one value of a sub-network.</summary>
/// <param name="Name">The name of an objective; it need not be one of the search's own.</param>
/// <param name="Minimum">Lowest allowed value; null for none.</param>
/// <param name="Maximum">Highest allowed value; null for none.</param>
public sealed record ConstraintSpec(string Name, double? Minimum, double? Maximum);
