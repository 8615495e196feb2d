namespace NasCluster.Llama.Repair;

/// <summary>The iteration as it should be, and its two traps.</summary>
internal enum AdmmVariant
{
    /// <summary>On H scaled by its diagonal, masked to the kept columns.</summary>
    Corrected,

    /// <summary>On H as it is, against which rho = 1 is next to nothing.</summary>
    RawHessian,

    /// <summary>Masked to the dropped columns, as printed.</summary>
    InvertedMask,
}
