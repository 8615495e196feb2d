namespace NasCluster.Llama.Training;

/// <summary>How gradients are computed. Nothing in here changes a bit of any result.</summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// Keeps only the input of each layer and computes the rest again in the backward pass: about a quarter more time, and for each token
    /// and layer one hidden size of floats instead of 4 hidden sizes, 3 MLP widths and 2 widths of queries and of keys.
    /// </summary>
    public bool Recompute { get; init; }
}
