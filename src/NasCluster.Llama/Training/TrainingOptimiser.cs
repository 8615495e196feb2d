namespace NasCluster.Llama.Training;

/// <summary>How an engine that holds its network on a device changes weights, and what it must hold for that.</summary>
public enum TrainingOptimiser
{
    /// <summary>AdamW: all gradients and two averages for each weight, as on the CPU engine.</summary>
    AdamW,

    /// <summary>
    /// Second moments as rows times columns (Adafactor: Shazeer and Stern, arXiv 1804.04235) without a first, fused with the way back: no more
    /// than one layer's gradients are held.
    /// </summary>
    Factored,

    /// <summary>Plain descent fused with the way back (LOMO: Lv et al., arXiv 2306.09782): no averages, and no more than one layer's gradients.</summary>
    Lomo,
}
