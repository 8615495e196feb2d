namespace NasCluster.Core.Specification;

/// <summary>How what is taken out is spread over the layers where masks begin.</summary>
public enum SpreadName
{
    /// <summary>The same share of every layer (arXiv 2409.17372).</summary>
    Uniform,

    /// <summary>Wherever it matters least: importance is standardised within each layer and then compared over all (FLAP, arXiv 2312.11983).</summary>
    Global,
}
