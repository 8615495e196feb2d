using System.Collections.Immutable;

namespace NasCluster.Core.Search.Ehvi;

/// <summary>The space that a front does not dominate, up to a reference point, as boxes that do not overlap.</summary>
/// <remarks>
/// A box is a place per objective in that objective's list of coordinates: from one coordinate to the next. Slabs of the last objective
/// are cut one objective less each, so n points make n + 1 boxes for two objectives and about n^2 / 2 for three.
/// </remarks>
internal sealed class FreeBoxes
{
    private readonly List<(int Low, int High)[]> _boxes = [];

    /// <summary>Cuts the space up.</summary>
    /// <param name="front">Points to be minimised, all better than the reference.</param>
    /// <param name="reference">The reference point.</param>
    public FreeBoxes(IReadOnlyList<double[]> front, double[] reference)
    {
        Coordinates = [.. reference.Select((r, k) => front.Select(p => p[k]).Distinct().Order().Prepend(double.NegativeInfinity).Append(r).ToArray())];
        Cut(front, reference.Length, []);
    }

    /// <summary>Per objective minus infinity, the front's values ascending, and the reference.</summary>
    public ImmutableArray<double[]> Coordinates { get; }

    /// <summary>Per box and objective the places of its lower and upper bound in <see cref="Coordinates"/>.</summary>
    public IReadOnlyList<(int Low, int High)[]> Boxes => _boxes;

    private void Cut(IReadOnlyList<double[]> front, int objectives, ImmutableArray<(int Low, int High)> rest)
    {
        var coordinates = Coordinates[objectives - 1];
        if (objectives == 1)
        {
            var end = front.Count == 0 ? coordinates.Length - 1 : Array.IndexOf(coordinates, front.Min(p => p[0]));
            _boxes.Add([(0, end), .. rest]);
            return;
        }

        // Between two values of the last objective, what dominates is what lies at or below the lower one.
        int[] bounds = [0, .. front.Select(p => Array.IndexOf(coordinates, p[objectives - 1])).Distinct().Order(), coordinates.Length - 1];
        for (var i = 0; i + 1 < bounds.Length; i++)
        {
            var floor = coordinates[bounds[i]];
            Cut([.. front.Where(p => p[objectives - 1] <= floor)], objectives - 1, rest.Insert(0, (bounds[i], bounds[i + 1])));
        }
    }
}
