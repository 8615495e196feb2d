using NasCluster.Llama.Repair;

namespace NasCluster.Llama.Pruning;

/// <summary>How importance is measured from weights and calibration statistics.</summary>
public sealed record ImportanceOptions
{
    /// <summary>Which measure; not one of the two that need gradients (<see cref="TaylorImportance"/>).</summary>
    public ImportanceMeasure Measure { get; init; } = ImportanceMeasure.Hessian;

    /// <summary>
    /// Whether only columns of o and down count, as where arXiv 2406.10576 starts from; or rows of q, k, v, gate and up as well, as in
    /// arXiv 2409.17372. <see cref="ImportanceMeasure.Wifv"/> always looks at columns alone.
    /// </summary>
    public bool OutputsOnly { get; init; }

    /// <summary>
    /// Whether the values of each kind are shifted and scaled to mean 0 and standard deviation 1 within each layer, so that layers can be
    /// compared (FLAP's adaptive structure). It changes no order within a layer.
    /// </summary>
    public bool Standardize { get; init; }

    /// <summary>Damping of X X^T where it is inverted.</summary>
    public Damping Damping { get; init; } = new(0.01);
}
