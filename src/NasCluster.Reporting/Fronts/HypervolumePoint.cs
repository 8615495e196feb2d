namespace NasCluster.Reporting.Fronts;

/// <summary>The hypervolume at one moment of a search.</summary>
/// <param name="Evaluations">How many outcomes the search had been told.</param>
/// <param name="Hypervolume">Hypervolume of the front of those outcomes, against the report's reference point.</param>
public readonly record struct HypervolumePoint(long Evaluations, double Hypervolume)
{
    /// <summary>A recorded point as reports show it: by how many outcomes there were, remembered and failed ones included.</summary>
    public static HypervolumePoint Of(Core.Control.HypervolumePoint recorded) => new(recorded.Sequence + 1, recorded.Hypervolume);
}
