using NasCluster.Core.Numerics;

namespace NasCluster.Core.Tests.Numerics;

public sealed class NonNegativeLeastSquaresTests
{
    [Fact]
    public void Solve_SolutionIsPositive_FindsIt()
    {
        double[][] rows = [[1, 2, 0], [1, 0, 5], [1, 1, 1], [2, 1, 7]];
        double[] truth = [3, 0.5, 2];
        var solution = NonNegativeLeastSquares.Solve(rows, [.. rows.Select(r => r.Zip(truth, (a, b) => a * b).Sum())]);
        Assert.All(truth.Zip(solution), p => Assert.Equal(p.First, p.Second, 9));
    }

    [Fact]
    public void Solve_OneWouldBeNegative_IsZeroAndTheRestFitsAsWellAsItCan()
    {
        // Unconstrained: x = 2, y = -1. With y = 0 the best x is the mean of the targets weighted by the column: (2 + 1) / 2.
        var solution = NonNegativeLeastSquares.Solve([[1, 0], [1, 1]], [2, 1]);
        Assert.Equal(1.5, solution[0], 12);
        Assert.Equal(0, solution[1]);
    }

    [Fact]
    public void Solve_ColumnThatIsZeroOrThereTwice_GetsNothing()
    {
        double[][] rows = [[1, 0, 1, 2], [1, 0, 1, 4], [1, 0, 1, 6]];
        var solution = NonNegativeLeastSquares.Solve(rows, [5, 7, 9]);
        Assert.Equal(0, solution[1]);
        Assert.Equal(3, solution[0] + solution[2], 9);
        Assert.Equal(1, solution[3], 9);
        Assert.Contains(0.0, (double[])[solution[0], solution[2]]);
    }

    [Fact]
    public void Solve_RandomProblems_MeetsTheConditionsOfTheOptimum()
    {
        var random = new Random(5);
        for (var problem = 0; problem < 300; problem++)
        {
            var (m, n) = (random.Next(1, 15), random.Next(1, 8));
            double[][] rows = [.. Enumerable.Range(0, m).Select(_ => Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.3).ToArray())];
            double[] targets = [.. Enumerable.Range(0, m).Select(_ => random.NextDouble() - 0.3)];
            var x = NonNegativeLeastSquares.Solve(rows, targets);
            double[] residuals = [.. rows.Zip(targets, (r, t) => t - r.Zip(x, (a, b) => a * b).Sum())];
            for (var j = 0; j < n; j++)
            {
                // Karush, Kuhn and Tucker: no gain from any step that is allowed.
                var slope = rows.Zip(residuals, (r, e) => r[j] * e).Sum();
                Assert.True(x[j] >= 0 && double.IsFinite(x[j]));
                Assert.True(x[j] > 0 ? Math.Abs(slope) < 1e-7 : slope < 1e-7, $"problem {problem}: x[{j}] is {x[j]}, slope {slope}");
            }
        }
    }

    [Fact]
    public void Solve_RowsThatDiffer_AreRefused() => Assert.Throws<ArgumentException>(() => NonNegativeLeastSquares.Solve([[1, 2], [1]], [1, 2]));
}
