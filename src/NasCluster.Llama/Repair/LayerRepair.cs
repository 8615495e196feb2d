namespace NasCluster.Llama.Repair;

/// <summary>What repair did to one kept layer.</summary>
/// <param name="SourceLayer">The layer of the whole network.</param>
/// <param name="Output">Of <c>o_proj</c>; null where the sub-network has no attention there.</param>
/// <param name="Down">Of <c>down_proj</c>; null where it has no MLP there.</param>
public sealed record LayerRepair(int SourceLayer, ProjectionRepair? Output, ProjectionRepair? Down);
