using NasCluster.Core.Search;

namespace NasCluster.Core.Pareto;

/// <summary>How far, on average, a reference front lies from a set of points, in the objectives' own units; 0 is best.</summary>
/// <remarks>Scale the objectives first when their units differ.</remarks>
public sealed class InvertedGenerationalDistance
{
    private readonly ObjectiveOrientation _orientation;
    private readonly double[][] _reference;

    /// <summary>Fixes the front to measure against.</summary>
    /// <param name="objectives">At least one.</param>
    /// <param name="referenceFront">At least one point, each with one value per objective in its own direction.</param>
    /// <exception cref="ArgumentException">There is no objective or no point, or a point has not one value per objective.</exception>
    public InvertedGenerationalDistance(IReadOnlyList<Objective> objectives, IReadOnlyList<IReadOnlyList<double>> referenceFront)
    {
        if (objectives.Count == 0 || referenceFront.Count == 0)
        {
            throw new ArgumentException(
                $"There are {objectives.Count} objectives and {referenceFront.Count} reference points; at least one of each is needed.",
                nameof(referenceFront));
        }

        _orientation = new ObjectiveOrientation(objectives);
        _reference = [.. referenceFront.Select(_orientation.Minimised)];
    }

    /// <summary>IGD+ (Ishibuchi, Masuda, Tanigaki and Nojima 2015): only being worse counts as distance. Weakly Pareto-compliant.</summary>
    /// <param name="points">One value per objective each, in its own direction. None: infinite.</param>
    /// <exception cref="ArgumentException">A point has not one value per objective.</exception>
    public double Plus(IEnumerable<IReadOnlyList<double>> points) => Mean(points, difference => Math.Max(difference, 0));

    /// <summary>IGD (Coello Coello and Reyes Sierra 2004): Euclidean. A dominating set may score worse, so prefer <see cref="Plus"/>.</summary>
    /// <param name="points">One value per objective each, in its own direction. None: infinite.</param>
    /// <exception cref="ArgumentException">A point has not one value per objective.</exception>
    public double Plain(IEnumerable<IReadOnlyList<double>> points) => Mean(points, difference => difference);

    private double Mean(IEnumerable<IReadOnlyList<double>> points, Func<double, double> count)
    {
        double[][] minimised = [.. points.Select(_orientation.Minimised)];
        return minimised.Length == 0
            ? double.PositiveInfinity
            : _reference.Average(target => Math.Sqrt(minimised.Min(point => point.Zip(target, (p, t) => count(p - t)).Sum(d => d * d))));
    }
}
