namespace NasCluster.Llama.Calibration;

/// <summary>Of which inputs of a layer the Gram matrix is kept: each takes 8 x channels^2 bytes, 969 MB for 11,008 channels.</summary>
[Flags]
public enum GramInputs
{
    /// <summary>Of none: means, variances and sums of squares are enough for everything but Hessian importance and least squares.</summary>
    None = 0,

    /// <summary>Of <see cref="LayerInput.Attention"/>.</summary>
    Attention = 1 << LayerInput.Attention,

    /// <summary>Of <see cref="LayerInput.Output"/>.</summary>
    Output = 1 << LayerInput.Output,

    /// <summary>Of <see cref="LayerInput.Mlp"/>.</summary>
    Mlp = 1 << LayerInput.Mlp,

    /// <summary>Of <see cref="LayerInput.Down"/>.</summary>
    Down = 1 << LayerInput.Down,

    /// <summary>What repair needs.</summary>
    Repair = Output | Down,

    /// <summary>What Hessian importance needs.</summary>
    All = Attention | Output | Mlp | Down,
}
