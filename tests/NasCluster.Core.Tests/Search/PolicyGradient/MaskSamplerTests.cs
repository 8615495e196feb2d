using NasCluster.Core.Search.PolicyGradient;

namespace NasCluster.Core.Tests.Search.PolicyGradient;

public class MaskSamplerTests
{
    private static readonly double[] Probabilities = [.. Enumerable.Range(0, 200).Select(i => i / 199.0)];

    [Fact]
    public void Draw_SameArguments_GivesTheSameMaskAndOthersOthers()
    {
        var drawn = new[] { (1UL, 0, 0), (1UL, 0, 1), (1UL, 1, 0), (2UL, 0, 0), (0UL, 0, 0), (1UL, 1, 1), (ulong.MaxValue, 0, 0) };
        Assert.All(drawn, d => Assert.Equal(Draw(d), Draw(d)));
        Assert.Equal(drawn.Length, drawn.Select(d => string.Concat(Draw(d).Select(b => b ? '1' : '0'))).Distinct().Count());

        static bool[] Draw((ulong Seed, int Step, int Sample) d) => MaskSampler.Draw(Probabilities, d.Seed, d.Step, d.Sample);
    }

    [Fact]
    public void Draw_AProbabilityMoved_ChangesNoOtherBit()
    {
        var before = MaskSampler.Draw(Probabilities, 3, 4, 5);
        double[] moved = [.. Probabilities];
        (moved[50], moved[150]) = (1, 0);
        var after = MaskSampler.Draw(moved, 3, 4, 5);

        Assert.True(after[50]);
        Assert.False(after[150]);
        Assert.All(Enumerable.Range(0, 200).Where(i => i is not (50 or 150)), i => Assert.Equal(before[i], after[i]));
    }

    [Fact]
    public void Draw_ManySamples_HaveTheMeanAskedForAndAreNotCorrelated()
    {
        const int steps = 400, samples = 10, count = steps * samples;
        var sums = new double[Probabilities.Length];
        var both = 0;
        for (var step = 0; step < steps; step++)
        {
            bool[]? last = null;
            for (var sample = 0; sample < samples; sample++)
            {
                var mask = MaskSampler.Draw(Probabilities, 7, step, sample);
                for (var i = 0; i < mask.Length; i++)
                {
                    sums[i] += mask[i] ? 1 : 0;
                }

                both += last is not null && last[100] && mask[100] ? 1 : 0;
                last = mask;
            }
        }

        // Five standard deviations: of 200 bits one outside would be one chance in ten thousand, and the seed is fixed.
        Assert.All(Probabilities.Zip(sums), p => Assert.InRange(p.Second / count, p.First - Five(p.First), p.First + Five(p.First)));
        Assert.Equal((0, count), (sums[0], sums[^1]));
        var pairs = steps * (samples - 1);
        var expected = Probabilities[100] * Probabilities[100];
        Assert.InRange((double)both / pairs, expected - (5 * Math.Sqrt(expected * (1 - expected) / pairs)), expected + (5 * Math.Sqrt(expected * (1 - expected) / pairs)));

        static double Five(double p) => 5 * Math.Sqrt(p * (1 - p) / count);
    }
}
