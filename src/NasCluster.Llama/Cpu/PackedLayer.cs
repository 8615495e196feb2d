using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Cpu;

/// <summary>One layer's packed weights.</summary>
internal sealed class PackedLayer : IDisposable
{
    private readonly LlamaConfiguration _configuration;

    public PackedLayer(LlamaConfiguration configuration, LlamaLayerShape shape, LlamaLayerWeights weights)
    {
        _configuration = configuration;
        var hidden = configuration.HiddenSize;
        var keyRows = shape.KvHeadCount * configuration.HeadChannels(shape);
        var queryRows = keyRows * configuration.QueryHeadsPerKvHead;
        try
        {
            InputNorm = PackedVector.Read(weights.InputLayernorm, hidden);
            Query = PackedMatrix.Pack(weights.QProj, queryRows, hidden);
            Key = PackedMatrix.Pack(weights.KProj, keyRows, hidden);
            Value = PackedMatrix.Pack(weights.VProj, keyRows, hidden);
            Output = PackedMatrix.Pack(weights.OProj, hidden, queryRows);
            PostAttentionNorm = PackedVector.Read(weights.PostAttentionLayernorm, hidden);
            Gate = PackedMatrix.Pack(weights.GateProj, shape.IntermediateSize, hidden);
            Up = PackedMatrix.Pack(weights.UpProj, shape.IntermediateSize, hidden);
            Down = PackedMatrix.Pack(weights.DownProj, hidden, shape.IntermediateSize);
            OutputBias = weights.OProjBias is { } o ? PackedVector.Read(o, hidden) : null;
            DownBias = weights.DownProjBias is { } down ? PackedVector.Read(down, hidden) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PackedVector InputNorm { get; } = null!;

    public PackedMatrix Query { get; } = null!;

    public PackedMatrix Key { get; } = null!;

    public PackedMatrix Value { get; } = null!;

    public PackedMatrix Output { get; } = null!;

    public PackedVector PostAttentionNorm { get; } = null!;

    public PackedMatrix Gate { get; } = null!;

    public PackedMatrix Up { get; } = null!;

    public PackedMatrix Down { get; } = null!;

    /// <summary>Added to what <see cref="Output"/> gives, where the network has such biases and the layer attention.</summary>
    public PackedVector? OutputBias { get; }

    /// <summary>Added to what <see cref="Down"/> gives, where the network has such biases and the layer an MLP.</summary>
    public PackedVector? DownBias { get; }

    /// <summary>The part of the layer an architecture keeps: a view, but for explicit sets, whose rows and columns are gathered.</summary>
    public LayerView Select(LayerArchitecture architecture, BufferPool pool) => new(this, _configuration, architecture, pool);

    public void Dispose()
    {
        InputNorm?.Dispose();
        Query?.Dispose();
        Key?.Dispose();
        Value?.Dispose();
        Output?.Dispose();
        PostAttentionNorm?.Dispose();
        Gate?.Dispose();
        Up?.Dispose();
        Down?.Dispose();
        OutputBias?.Dispose();
        DownBias?.Dispose();
    }
}
