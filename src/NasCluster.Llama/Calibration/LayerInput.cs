namespace NasCluster.Llama.Calibration;

/// <summary>The four activations of a layer that its weight matrices are multiplied by.</summary>
public enum LayerInput
{
    /// <summary>The normalized input of the attention, which q, k and v read [hidden].</summary>
    Attention,

    /// <summary>Values weighted by attention, which o reads [query heads x head size].</summary>
    Output,

    /// <summary>The normalized input of the MLP, which gate and up read [hidden].</summary>
    Mlp,

    /// <summary>silu(gate) x up, which down reads [MLP channels].</summary>
    Down,
}
