using NasCluster.Core.Search;

namespace NasCluster.Core.Pareto;

/// <summary>The hypervolume indicator (Zitzler and Thiele 1998), exact: the volume that points dominate, up to a reference point.</summary>
/// <remarks>Its unit is the product of the objectives' units. Sums run in sorted order, so the order of points changes no bit.</remarks>
public sealed class Hypervolume
{
    private readonly ObjectiveOrientation _orientation;
    private readonly double[] _reference;

    /// <summary>Fixes what volumes are measured against; volumes compare only under one reference point.</summary>
    /// <param name="objectives">At least one.</param>
    /// <param name="referencePoint">One finite value per objective, in its own direction: somewhat worse than anything of interest.</param>
    /// <exception cref="ArgumentException">There is no objective, not one value for each, or a value that is not finite.</exception>
    public Hypervolume(IReadOnlyList<Objective> objectives, IReadOnlyList<double> referencePoint)
    {
        if (objectives.Count == 0)
        {
            throw new ArgumentException("There are no objectives; a volume needs at least one.", nameof(objectives));
        }

        if (referencePoint.Any(value => !double.IsFinite(value)))
        {
            throw new ArgumentException(
                $"The reference point is ({string.Join(", ", referencePoint)}); it must be finite.", nameof(referencePoint));
        }

        _orientation = new ObjectiveOrientation(objectives);
        _reference = _orientation.Minimised(referencePoint);
        Objectives = objectives;
        ReferencePoint = [.. referencePoint];
    }

    /// <summary>The objectives.</summary>
    public IReadOnlyList<Objective> Objectives { get; }

    /// <summary>The reference point, in the objectives' own directions.</summary>
    public IReadOnlyList<double> ReferencePoint { get; }

    /// <summary>The volume of points, each with one value per objective in its own direction; 0 for none.</summary>
    /// <remarks>
    /// Dominated and repeated points add nothing, and a point that is not better than the reference in every objective adds nothing.
    /// Time n log n for two objectives, about n log n for three, exponential in the number of objectives beyond.
    /// </remarks>
    /// <exception cref="ArgumentException">A point has not one value per objective, or a value is NaN or unboundedly good.</exception>
    public double Of(IEnumerable<IReadOnlyList<double>> points)
    {
        var inside = new List<double[]>();
        foreach (var point in points)
        {
            var minimised = _orientation.Minimised(point);
            if (Array.Exists(minimised, value => double.IsNaN(value) || double.IsNegativeInfinity(value)))
            {
                throw new ArgumentException($"A point is ({string.Join(", ", point)}); a volume needs numbers.", nameof(points));
            }

            if (IsInside(minimised))
            {
                inside.Add(minimised);
            }
        }

        return HypervolumeSweep.Volume(inside, _reference);
    }

    /// <summary>The volume of a front.</summary>
    /// <exception cref="ArgumentException">An entry has not one value per objective.</exception>
    public double Of(IEnumerable<ParetoEntry> front) =>
        Of(front.Select(e => (IReadOnlyList<double>)[.. e.Outcome.Values.Select(v => v.Value)]));

    private bool IsInside(double[] minimised)
    {
        for (var k = 0; k < _reference.Length; k++)
        {
            if (!(minimised[k] < _reference[k]))
            {
                return false;
            }
        }

        return true;
    }
}
