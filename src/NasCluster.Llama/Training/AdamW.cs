using System.Numerics;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Training;

/// <summary>AdamW (Loshchilov and Hutter, arXiv 1711.05101, Algorithm 2): Adam whose weight decay is kept apart from the gradient.</summary>
/// <remarks>
/// Every element is computed on its own, in float32 without fused operations, so no number of threads and no vector width changes a bit.
/// Weights that a sub-network left out have gradient 0 in its step: their averages fade, and they still move by what is left of them.
/// </remarks>
/// <param name="weights">Changed by every step.</param>
/// <param name="options">Settings.</param>
/// <param name="threads">Threads at most.</param>
public sealed class AdamW(ParameterSet weights, AdamWOptions options, int threads)
{
    private double _power1 = 1;
    private double _power2 = 1;

    /// <summary>Fading means of the gradients.</summary>
    public ParameterSet FirstMoments { get; } = ParameterSet.Zero(weights.Configuration);

    /// <summary>Fading means of the squared gradients.</summary>
    public ParameterSet SecondMoments { get; } = ParameterSet.Zero(weights.Configuration);

    /// <summary>Views of both under the names that saved states have them by.</summary>
    internal IEnumerable<InMemoryTensor> Averages => Named("adam.first.", FirstMoments).Concat(Named("adam.second.", SecondMoments));

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Goes on after a number of steps, whose averages the caller has put into the moments.</summary>
    public void ResumeAt(long steps)
    {
        (Steps, _power1, _power2) = (0, 1, 1);
        for (var i = 0L; i < steps; i++)
        {
            Advance();
        }
    }

    /// <summary>Takes a step.</summary>
    /// <param name="gradients">Of the weights' shape.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="gradientScale">Factor put on every gradient first: what clipping asks for.</param>
    public void Step(ParameterSet gradients, double learningRate, float gradientScale = 1f)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        Advance();
        var step = new Coefficients
        {
            Scale = gradientScale,
            Keep1 = (float)options.Beta1,
            Take1 = (float)(1 - options.Beta1),
            Keep2 = (float)options.Beta2,
            Take2 = (float)(1 - options.Beta2),
            Rate = (float)(learningRate / (1 - _power1)),
            Correction2 = (float)(1 / (1 - _power2)),
            Epsilon = (float)options.Epsilon,
        };
        ElementRuns.ForEach(weights, threads, (tensor, first, count) =>
        {
            var decay = weights.Tensors[tensor].Rows > 1 ? (float)(1 - (learningRate * options.WeightDecay)) : 1f;
            Span<float> Part(ParameterSet set) => set.Tensors[tensor].Values.AsSpan(first, count);
            Update(Part(weights), Part(gradients), Part(FirstMoments), Part(SecondMoments), step, decay);
        });
    }

    private static IEnumerable<InMemoryTensor> Named(string prefix, ParameterSet set) =>
        set.Tensors.Select(t => new InMemoryTensor(prefix + t.Name, t.Rows, t.Columns, t.Values));

    // A product of Steps factors, not a power: libraries differ in the last bits of powers.
    private void Advance()
    {
        Steps++;
        _power1 *= options.Beta1;
        _power2 *= options.Beta2;
    }

    private static void Update(Span<float> weights, Span<float> gradients, Span<float> first, Span<float> second, in Coefficients c, float decay)
    {
        var i = 0;
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradients[i..]) * c.Scale;
            var m = (new Vector<float>(first[i..]) * c.Keep1) + (g * c.Take1);
            var v = (new Vector<float>(second[i..]) * c.Keep2) + (g * g * c.Take2);
            var change = m * c.Rate / (Vector.SquareRoot(v * c.Correction2) + new Vector<float>(c.Epsilon));
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            ((new Vector<float>(weights[i..]) * decay) - change).CopyTo(weights[i..]);
        }

        for (; i < weights.Length; i++)
        {
            var g = gradients[i] * c.Scale;
            first[i] = (first[i] * c.Keep1) + (g * c.Take1);
            second[i] = (second[i] * c.Keep2) + (g * g * c.Take2);
            weights[i] = (weights[i] * decay) - (first[i] * c.Rate / (MathF.Sqrt(second[i] * c.Correction2) + c.Epsilon));
        }
    }

    private readonly struct Coefficients
    {
        public required float Scale { get; init; }

        public required float Keep1 { get; init; }

        public required float Take1 { get; init; }

        public required float Keep2 { get; init; }

        public required float Take2 { get; init; }

        public required float Rate { get; init; }

        public required float Correction2 { get; init; }

        public required float Epsilon { get; init; }
    }
}
