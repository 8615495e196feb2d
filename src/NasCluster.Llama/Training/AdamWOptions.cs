namespace NasCluster.Llama.Training;

/// <summary>Settings of AdamW (Loshchilov and Hutter, arXiv 1711.05101).</summary>
public sealed record AdamWOptions
{
    /// <summary>How slowly the mean of gradients forgets, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How slowly the mean of squared gradients forgets, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Added to the root of the mean square; above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of a weight that a step with learning rate 1 takes away, from matrices only: norms are left alone.</summary>
    public double WeightDecay { get; init; } = 0.1;
}
