using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Tests.Cpu;

public sealed unsafe class CpuMathTests
{
    [Fact]
    public void Exp_AcrossItsRange_IsCloseToTheTruth()
    {
        for (var x = -87f; x < 88f; x += 0.000731f)
        {
            var expected = Math.Exp(x);
            Assert.InRange(ScalarMath.Exp(x), expected * (1 - 1.5e-7), expected * (1 + 1.5e-7));
        }
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-87.1f, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    public void Exp_AtItsEdges_IsExact(float x, float expected) => Assert.Equal(expected, ScalarMath.Exp(x));

    [Fact]
    public void Exp_Beyond88_StaysFinite() => Assert.Equal(ScalarMath.Exp(88f), ScalarMath.Exp(1e30f));

    [Fact]
    public void Exp_EveryWidth_HasTheSameBits()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 16 * 2000).Select(_ => (float)((random.NextDouble() * 190) - 95)).ToArray();
        var expected = Array.ConvertAll(values, ScalarMath.Exp);
        Assert.Equal(expected, ExpAll<Simd512>(values));
        Assert.Equal(expected, ExpAll<Simd256>(values));
        Assert.Equal(expected, ExpAll<Simd128>(values));
    }

    [Fact]
    public void Log_OverManyMagnitudes_IsCloseToTheTruth()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var x = Math.Exp((random.NextDouble() * 200) - 100);
            Assert.Equal(Math.Log(x), ScalarMath.Log(x), 4e-16 * Math.Max(1, Math.Abs(Math.Log(x))));
        }

        Assert.Equal(0, ScalarMath.Log(1));
    }

    [Theory]
    [InlineData(VectorPath.Vector512)]
    [InlineData(VectorPath.Vector256)]
    [InlineData(VectorPath.Vector128)]
    [InlineData(VectorPath.Scalar)]
    public void Project_AnyShape_IsTheSumInOrder(VectorPath path)
    {
        var random = new Random(3);
        foreach (var (rows, depth, panels) in new[] { (1, 1, 1), (12, 7, 2), (13, 64, 1), (43, 172, 3), (24, 513, 1) })
        {
            var padded = PackedMatrix.Pad(rows);
            using var weights = Filled(padded * depth, random);
            using var input = Filled(panels * depth * 32, random);
            using var output = Filled(panels * padded * 32, random);
            var before = new ReadOnlySpan<float>(output.Data, panels * padded * 32).ToArray();
            var view = new MatrixView(weights.Data, 12 * depth, rows, depth);
            foreach (var end in new[] { TileEnd.Store, TileEnd.Add })
            {
                before.CopyTo(new Span<float>(output.Data, before.Length));
                CpuKernels.For(path).Project(view, input.Data, depth * 32, output.Data, padded * 32, panels, end);
                for (var i = 0; i < panels * padded * 32; i++)
                {
                    var (panel, row, lane) = (i / 32 / padded, i / 32 % padded, i % 32);
                    var sum = 0f;
                    for (var k = 0; k < depth; k++)
                    {
                        sum = MathF.FusedMultiplyAdd(weights.Data[(row / 12 * 12 * depth) + (k * 12) + (row % 12)], input.Data[(((panel * depth) + k) * 32) + lane], sum);
                    }

                    Assert.Equal(end == TileEnd.Add ? before[i] + sum : sum, output.Data[i]);
                }
            }
        }
    }

    [Theory]
    [InlineData(VectorPath.Vector512)]
    [InlineData(VectorPath.Vector256)]
    [InlineData(VectorPath.Vector128)]
    [InlineData(VectorPath.Scalar)]
    public void ProjectFew_AnyLanes_HasTheBitsOfTheWholePanel(VectorPath path)
    {
        var random = new Random(4);
        var kernels = CpuKernels.For(path);
        foreach (var (rows, depth) in new[] { (1, 1), (12, 7), (13, 64), (43, 172), (24, 513), (60, 5), (97, 33) })
        {
            var padded = PackedMatrix.Pad(rows);
            using var weights = Filled(padded * depth, random);
            using var others = Filled(padded * depth, random);
            using var input = Filled(depth * 32, random);
            using var expected = Filled(padded * 32, random);
            using var actual = new AlignedBuffer(padded * 32);
            var (view, other) = (new MatrixView(weights.Data, 12 * depth, rows, depth), new MatrixView(others.Data, 12 * depth, rows, depth));
            for (var lanes = 1; lanes <= FewLanesKernel.MostLanes; lanes++)
            {
                foreach (var end in new[] { TileEnd.Store, TileEnd.Add })
                {
                    new Span<float>(expected.Data, padded * 32).CopyTo(new Span<float>(actual.Data, padded * 32));
                    kernels.Project(view, input.Data, depth * 32, expected.Data, padded * 32, 1, end);
                    kernels.ProjectFew(view, input.Data, actual.Data, lanes, end);
                    AssertLanes(expected, actual, padded, lanes);
                }

                kernels.ProjectGated(view, other, input.Data, depth * 32, expected.Data, padded * 32, 1);
                kernels.ProjectGatedFew(view, other, input.Data, actual.Data, lanes);
                AssertLanes(expected, actual, rows, lanes);
            }
        }
    }

    private static void AssertLanes(AlignedBuffer expected, AlignedBuffer actual, int rows, int lanes)
    {
        for (var i = 0; i < rows * 32; i++)
        {
            Assert.True(i % 32 >= lanes || BitConverter.SingleToInt32Bits(expected.Data[i]) == BitConverter.SingleToInt32Bits(actual.Data[i]));
        }
    }

    private static AlignedBuffer Filled(int length, Random random)
    {
        var buffer = new AlignedBuffer(length);
        for (var i = 0; i < length; i++)
        {
            buffer.Data[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return buffer;
    }

    private static float[] ExpAll<TSimd>(float[] values)
        where TSimd : unmanaged, ISimd<TSimd>
    {
        var results = new float[values.Length];
        fixed (float* source = values, destination = results)
        {
            for (var i = 0; i < values.Length; i += TSimd.Width)
            {
                TSimd.Store(VectorMath<TSimd>.Exp(TSimd.Load(source + i)), destination + i);
            }
        }

        return results;
    }
}
