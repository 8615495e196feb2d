using NasCluster.Core.Prediction;

namespace NasCluster.Core.Search.Ehvi;

/// <summary>Expected hypervolume improvement, exact for any number of objectives (Emmerich, Deutz and Klinkenberg 2011; in boxes: Yang and others 2019).</summary>
/// <remarks>
/// The volume a point adds is that of the free space it dominates, so its expectation is, summed over the boxes of the free space, the product
/// over the objectives of the integral of P(Y &lt;= z) from the lower to the upper bound: a difference of expected shortfalls.
/// </remarks>
internal sealed class ExpectedImprovement(FreeBoxes free)
{
    private readonly double[][] _shortfalls = [.. free.Coordinates.Select(c => new double[c.Length])];

    /// <summary>The expected improvement by independent normal values, in the product of the objectives' units.</summary>
    /// <param name="means">One per objective, to be minimised.</param>
    /// <param name="deviations">One per objective; 0 where the value is certain.</param>
    public double Of(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations)
    {
        for (var k = 0; k < _shortfalls.Length; k++)
        {
            for (var i = 0; i < _shortfalls[k].Length; i++)
            {
                _shortfalls[k][i] = NormalDistribution.ExpectedShortfall(free.Coordinates[k][i], means[k], deviations[k]);
            }
        }

        double sum = 0;
        foreach (var box in free.Boxes)
        {
            var product = 1.0;
            for (var k = 0; k < box.Length; k++)
            {
                product *= _shortfalls[k][box[k].High] - _shortfalls[k][box[k].Low];
            }

            sum += product;
        }

        return sum;
    }
}
