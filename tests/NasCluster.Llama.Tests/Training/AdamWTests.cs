using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Training;

public sealed class AdamWTests
{
    private static readonly AdamWOptions Options = new() { WeightDecay = 0.2, Beta2 = 0.97 };

    [Fact]
    public void Step_SeveralSteps_AgreesWithTheAlgorithmInDouble()
    {
        var weights = Random(1);
        var expected = weights.Tensors.Select(t => Array.ConvertAll(t.Values, v => (double)v)).ToArray();
        var first = expected.Select(t => new double[t.Length]).ToArray();
        var second = expected.Select(t => new double[t.Length]).ToArray();
        var optimiser = new AdamW(weights, Options, threads: 2);
        for (var step = 1; step <= 20; step++)
        {
            var gradients = Random(100 + step);
            optimiser.Step(gradients, 0.01 / step, gradientScale: 0.5f);
            for (var t = 0; t < expected.Length; t++)
            {
                for (var i = 0; i < expected[t].Length; i++)
                {
                    // Algorithm 2 of arXiv 1711.05101, with the decay scaled by the learning rate, as every framework has it.
                    var g = 0.5 * gradients.Tensors[t].Values[i];
                    first[t][i] = (Options.Beta1 * first[t][i]) + ((1 - Options.Beta1) * g);
                    second[t][i] = (Options.Beta2 * second[t][i]) + ((1 - Options.Beta2) * g * g);
                    var decay = weights.Tensors[t].Rows > 1 ? Options.WeightDecay : 0;
                    expected[t][i] -= 0.01 / step * ((first[t][i] / (1 - Math.Pow(Options.Beta1, step))
                        / (Math.Sqrt(second[t][i] / (1 - Math.Pow(Options.Beta2, step))) + Options.Epsilon)) + (decay * expected[t][i]));
                }
            }
        }

        // Twenty roundings to float32 of weights of order one.
        Assert.All(weights.Tensors.Zip(expected), pair => Assert.All(pair.First.Values.Zip(pair.Second), v => Assert.Equal(v.Second, v.First, 5e-6)));
    }

    [Fact]
    public void Step_AnyThreads_HasTheSameBits()
    {
        var results = new[] { 1, 2, 5 }.Select(threads =>
        {
            var weights = Random(1);
            var optimiser = new AdamW(weights, Options, threads);
            for (var step = 0; step < 3; step++)
            {
                optimiser.Step(Random(step), 0.01);
            }

            return weights.Tensors.SelectMany(t => t.Values).ToArray();
        }).ToArray();
        Assert.All(results, r => Assert.Equal(results[0], r));
    }

    [Fact]
    public void ResumeAt_AfterSomeSteps_GoesOnWithTheSameBits()
    {
        var (through, resumed) = (Random(1), Random(1));
        var one = new AdamW(through, Options, 1);
        var other = new AdamW(resumed, Options, 1);
        for (var step = 0; step < 7; step++)
        {
            if (step == 4)
            {
                var next = new AdamW(resumed, Options, 1);
                CopyValues(other.FirstMoments, next.FirstMoments);
                CopyValues(other.SecondMoments, next.SecondMoments);
                next.ResumeAt(4);
                other = next;
            }

            one.Step(Random(step), 0.01);
            other.Step(Random(step), 0.01);
        }

        Assert.Equal(through.Tensors.SelectMany(t => t.Values), resumed.Tensors.SelectMany(t => t.Values));
    }

    private static void CopyValues(ParameterSet from, ParameterSet to)
    {
        foreach (var (source, target) in from.Tensors.Zip(to.Tensors))
        {
            source.Values.CopyTo(target.Values, 0);
        }
    }

    private static ParameterSet Random(int seed)
    {
        var random = new Random(seed);
        var set = ParameterSet.Zero(TrainingCases.Grouped(tied: false));
        foreach (var tensor in set.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = (float)((random.NextDouble() * 2) - 1);
            }
        }

        return set;
    }
}
