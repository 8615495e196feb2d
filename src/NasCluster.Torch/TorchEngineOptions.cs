namespace NasCluster.Torch;

/// <summary>How the Torch engine computes.</summary>
public sealed record TorchEngineOptions
{
    /// <summary>Where: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The number format of weights and activations; norms, softmaxes and likelihoods are in float32 whatever it is.</summary>
    public TorchPrecision Precision { get; init; } = TorchPrecision.Float32;

    /// <summary>How attention is computed.</summary>
    public TorchAttention Attention { get; init; } = TorchAttention.Fused;

    /// <summary>
    /// Rows of a batch at most, the padding of shorter sequences included; a longer sequence is a batch of its own. A batch that the device
    /// has no memory for is halved, as often as need be.
    /// </summary>
    public int BatchTokens { get; init; } = 8192;

    /// <summary>Logits held at once at most, as a number of values: scored positions go to the output head in portions.</summary>
    public long LogitValues { get; init; } = 1L << 24;

    /// <summary>Told of a batch that was halved, with its sequences and rows: whoever sees it often should ask for smaller batches.</summary>
    public Action<int, long>? BatchHalved { get; init; }

    /// <summary>Called before a batch is computed, with its sequences and rows: for tests to run out of memory in.</summary>
    internal Action<int, long>? BatchBegins { get; init; }
}

/// <summary>Number formats.</summary>
public enum TorchPrecision
{
    /// <summary>IEEE single.</summary>
    Float32,

    /// <summary>Brain floating point: the range of single, 8 bits of precision.</summary>
    Bfloat16,

    /// <summary>IEEE half.</summary>
    Float16,
}

/// <summary>Ways to compute attention.</summary>
public enum TorchAttention
{
    /// <summary>The library's scaled-dot-product attention, which never holds all scores where the device has a kernel for that.</summary>
    Fused,

    /// <summary>Scores, softmax and mixing one after the other, in float32: the fallback, and the other's oracle.</summary>
    Plain,
}
