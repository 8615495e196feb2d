namespace NasCluster.Llama.Training;

/// <summary>Which sub-networks of a super-network a training step updates.</summary>
public enum SamplingRule
{
    /// <summary>The whole network only: ordinary training.</summary>
    None,

    /// <summary>The whole network and one random sub-network in turn, step by step (LLaMA-NAS, arXiv 2405.18377, section 3).</summary>
    Alternating,

    /// <summary>The largest, the smallest and random ones in every step (the sandwich rule: Yu and Huang, arXiv 1903.05134).</summary>
    Sandwich,

    /// <summary>The largest and random ones in every step (InstaTune, arXiv 2308.15609, with one random sub-network).</summary>
    Uniform,
}
