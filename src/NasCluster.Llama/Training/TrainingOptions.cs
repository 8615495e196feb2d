namespace NasCluster.Llama.Training;

/// <summary>How gradients are computed. Nothing in here changes a bit of any result.</summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// Keeps only the input of each layer and computes the rest again in the backward pass: about a third more work, and per token and layer
    /// one hidden size of memory instead of about 4 + 3 MLP widths + 2 (query + key) widths.
    /// </summary>
    public bool Recompute { get; init; }
}
