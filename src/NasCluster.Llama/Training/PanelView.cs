namespace NasCluster.Llama.Training;

/// <summary>Activations, or gradients by them: the leading <paramref name="channels"/> of each panel [panels][channels][32 tokens].</summary>
/// <param name="data">The first panel.</param>
/// <param name="stride">Floats from a panel to the next.</param>
/// <param name="channels">How many; whole tiles of 12 can be read.</param>
internal readonly unsafe struct PanelView(float* data, nint stride, int channels)
{
    public float* Data { get; } = data;

    public nint Stride { get; } = stride;

    public int Channels { get; } = channels;
}
