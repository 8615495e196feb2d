namespace NasCluster.Llama.Calibration;

/// <summary>What is known of one layer of the whole network after calibration.</summary>
/// <param name="Attention">Of the input of q, k and v; null without attention.</param>
/// <param name="Output">Of the input of o; null without attention.</param>
/// <param name="Mlp">Of the input of gate and up; null without MLP.</param>
/// <param name="Down">Of the input of down; null without MLP.</param>
/// <param name="Similarity">Mean over tokens of the cosine between the residual stream before and after the layer, in [-1, 1].</param>
public sealed record LayerStatistics(InputStatistics? Attention, InputStatistics? Output, InputStatistics? Mlp, InputStatistics? Down, double Similarity)
{
    /// <summary>By the name of the input.</summary>
    public InputStatistics? this[LayerInput input] => input switch
    {
        LayerInput.Attention => Attention,
        LayerInput.Output => Output,
        LayerInput.Mlp => Mlp,
        LayerInput.Down => Down,
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, null),
    };
}
