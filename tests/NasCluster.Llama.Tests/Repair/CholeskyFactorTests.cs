using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using NasCluster.Core;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Repair;

namespace NasCluster.Llama.Tests.Repair;

/// <summary>The blocked factor against MathNet's, on sizes around and across its blocks.</summary>
public sealed class CholeskyFactorTests
{
    public static TheoryData<int> Sizes => [1, 2, 7, 127, 128, 129, 257, 400];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SolveRows_PositiveDefinite_IsMathNetsSolution(int size)
    {
        var matrix = PositiveDefinite(size, size);
        var right = Matrix<double>.Build.Random(9, size, 5);
        var expected = matrix.Cholesky().Solve(right.Transpose()).Transpose();

        using var x = Copy(right);
        WithFactor(matrix, 2, factor => factor.SolveRows(x.Slice));

        AssertNear(expected, x, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void InverseDiagonal_PositiveDefinite_IsMathNets(int size)
    {
        var matrix = PositiveDefinite(size, size);
        var expected = matrix.Inverse().Diagonal();
        double[] actual = [];

        WithFactor(matrix, 2, factor => actual = factor.InverseDiagonal());

        Assert.All(expected.Zip(actual), p => Assert.Equal(1, p.Second / p.First, 1e-9));
    }

    [Fact]
    public void InverseDiagonal_MoreRowsThanAreSolvedAtOnce_IsMathNets()
    {
        var matrix = PositiveDefinite(700, 3);
        var expected = matrix.Inverse().Diagonal();
        double[] actual = [];

        WithFactor(matrix, 2, factor => actual = factor.InverseDiagonal());

        Assert.All(expected.Zip(actual), p => Assert.Equal(1, p.Second / p.First, 1e-9));
    }

    [Fact]
    public void SolveRows_Threads_ChangeNoBit()
    {
        var matrix = PositiveDefinite(400, 1);
        var right = Matrix<double>.Build.Random(200, 400, 5);
        using var one = Copy(right);
        using var three = Copy(right);

        WithFactor(matrix, 1, factor => factor.SolveRows(one.Slice));
        WithFactor(matrix, 3, factor => factor.SolveRows(three.Slice));

        for (var row = 0; row < 200; row++)
        {
            Assert.True(one.Row(row).SequenceEqual(three.Row(row)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(131)]
    public void Of_NotPositiveDefinite_NamesTheChannel(int channel)
    {
        var matrix = PositiveDefinite(200, 1);
        matrix.ClearRow(channel);
        matrix.ClearColumn(channel);

        var failure = Assert.Throws<NasClusterException>(() => WithFactor(matrix, 1, _ => { }));

        Assert.Equal(
            $"The matrix is not positive definite at channel {channel}, where the pivot is 0; it must be, by more tokens or more damping.", failure.Message);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(8, 16, 256)]
    [InlineData(97, 33, 300)]
    [InlineData(200, 50, 513)]
    [InlineData(5, 7, 0)]
    public void Add_AnyShape_IsMathNetsProduct(int rows, int columns, int depth)
    {
        var (a, b, c) = (Matrix<double>.Build.Random(rows, Math.Max(depth, 1), 1), Matrix<double>.Build.Random(Math.Max(depth, 1), columns, 2), Matrix<double>.Build.Random(rows, columns, 3));
        var expected = depth == 0 ? c : c - (a * b);
        using var left = Copy(a.Transpose());
        using var right = Copy(b);
        using var result = Copy(c);
        using var pool = new BufferPool();

        DoubleProduct.Add(
            left.Slice.Transposed.Block(0, 0, rows, depth), right.Slice.Block(0, 0, depth, columns), result.Slice, -1, new Workers(2, pool), pool);

        AssertNear(expected, result, 1e-12);
    }

    [Fact]
    public unsafe void Multiply_WidthsOfVectors_ChangeNoBit()
    {
        var random = new Random(1);
        double[] a = [.. Enumerable.Range(0, 8 * 70).Select(_ => random.NextDouble() - 0.5)];
        double[] b = [.. Enumerable.Range(0, 16 * 70).Select(_ => random.NextDouble() - 0.5)];
        var (wide, narrow) = (new double[128], new double[128]);
        fixed (double* left = a, right = b, first = wide, second = narrow)
        {
            DoubleProduct.Multiply512(left, right, 70, first);
            DoubleProduct.Multiply256(left, right, 70, second);
        }

        Assert.Equal(wide, narrow);
        Assert.Equal(Enumerable.Range(0, 70).Sum(k => a[(8 * k) + 3] * b[(16 * k) + 9]), wide[(3 * 16) + 9], 1e-12);
    }

    private static Matrix<double> PositiveDefinite(int size, int seed)
    {
        var x = Matrix<double>.Build.Random(size, size + 10, seed);
        return x.TransposeAndMultiply(x) + (DenseMatrix.CreateIdentity(size) * 0.1 * size);
    }

    private static RowArray Copy(Matrix<double> matrix)
    {
        var copy = new RowArray(matrix.RowCount, matrix.ColumnCount);
        for (var row = 0; row < matrix.RowCount; row++)
        {
            matrix.Row(row).ToArray().CopyTo(copy.Row(row));
        }

        return copy;
    }

    private static void WithFactor(Matrix<double> matrix, int threads, Action<CholeskyFactor> use)
    {
        using var pool = new BufferPool();
        using var values = Copy(matrix);
        use(CholeskyFactor.Of(values.Slice, "The matrix", new Workers(threads, pool), pool));
    }

    private static void AssertNear(Matrix<double> expected, RowArray actual, double tolerance)
    {
        for (var row = 0; row < expected.RowCount; row++)
        {
            for (var column = 0; column < expected.ColumnCount; column++)
            {
                Assert.Equal(expected[row, column], actual.Row(row)[column], tolerance);
            }
        }
    }
}
