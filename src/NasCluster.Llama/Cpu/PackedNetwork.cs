using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Cpu;

/// <summary>All weights of a network, packed.</summary>
internal sealed class PackedNetwork : IDisposable
{
    private readonly PackedLayer[] _layers;

    public PackedNetwork(LlamaCheckpoint checkpoint)
    {
        Configuration = checkpoint.Configuration;
        Configuration.CheckHeads();
        var (vocabulary, hidden) = (Configuration.VocabularySize, Configuration.HiddenSize);
        _layers = new PackedLayer[Configuration.Layers.Length];
        try
        {
            Embedding = PackedMatrix.Pack(checkpoint.EmbedTokens, vocabulary, hidden);
            Head = ReferenceEquals(checkpoint.LmHead, checkpoint.EmbedTokens) ? Embedding : PackedMatrix.Pack(checkpoint.LmHead, vocabulary, hidden);
            Norm = PackedVector.Read(checkpoint.Norm, hidden);
            for (var i = 0; i < _layers.Length; i++)
            {
                _layers[i] = new PackedLayer(Configuration, Configuration.Layers[i], checkpoint.Layers[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public LlamaConfiguration Configuration { get; }

    public PackedMatrix Embedding { get; } = null!;

    /// <summary>The output head; the very object <see cref="Embedding"/> when tied.</summary>
    public PackedMatrix Head { get; } = null!;

    public PackedVector Norm { get; } = null!;

    public IReadOnlyList<PackedLayer> Layers => _layers;

    public void Dispose()
    {
        Embedding?.Dispose();
        Head?.Dispose();
        Norm?.Dispose();
        foreach (var layer in _layers)
        {
            layer?.Dispose();
        }
    }
}
