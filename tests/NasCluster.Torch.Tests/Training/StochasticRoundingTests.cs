using NasCluster.Testing;
using NasCluster.Torch.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Tests.Training;

[NeedsTorch]
public sealed class StochasticRoundingTests
{
    [ContractFact]
    public void Copy_ValuesBetweenTwo_TakesEitherByHowNearItIs()
    {
        // From 1 on bfloat16 has steps of 1/128.
        const int Count = 40000;
        foreach (var part in new[] { 0.1, 0.5, 0.75 })
        {
            foreach (var sign in new[] { 1, -1 })
            {
                using var scope = NewDisposeScope();
                var target = zeros([Count, 1], bfloat16);
                StochasticRounding.Copy(target, full([Count, 1], sign * (1 + (part / 128)), float32), 7);
                var values = target.to(float32).data<float>().ToArray();
                Assert.All(values, v => Assert.Contains(Math.Abs(v), new[] { 1f, 1 + (1f / 128) }));

                // Four standard deviations of a share of 40,000.
                Assert.Equal(part, values.Count(v => Math.Abs(v) > 1) / (double)Count, 4 * Math.Sqrt(part * (1 - part) / Count));
            }
        }
    }

    [ContractFact]
    public void Copy_WhatBrainFloatHas_IsKept()
    {
        using var scope = NewDisposeScope();
        var kept = tensor(new float[] { 0, -0.5f, 1.0078125f, 3e-30f, 65280 }).to(bfloat16);
        var target = ones_like(kept);
        for (var seed = 0UL; seed < 20; seed++)
        {
            StochasticRounding.Copy(target, kept.to(float32), seed);
            Assert.True(target.to(float32).data<float>().SequenceEqual(kept.to(float32).data<float>()));
        }
    }

    [ContractFact]
    public void Copy_SameSeed_HasTheSameBits()
    {
        using var scope = NewDisposeScope();
        var values = rand([100, 7], float32);
        Assert.Equal(Rounded(1), Rounded(1));
        Assert.NotEqual(Rounded(1), Rounded(2));

        float[] Rounded(ulong seed)
        {
            var target = zeros([100, 7], bfloat16);
            StochasticRounding.Copy(target, values, seed);
            return target.to(float32).data<float>().ToArray();
        }
    }
}
