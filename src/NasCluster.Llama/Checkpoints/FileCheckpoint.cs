using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>A checkpoint whose tensors are views of mapped files.</summary>
internal sealed class FileCheckpoint : LlamaCheckpoint
{
    private readonly IReadOnlyList<MappedFile> _files;
    private readonly Lazy<string> _fingerprint;

    /// <param name="configuration">The shape.</param>
    /// <param name="tensor">Finds a tensor by name; called once for each name of <see cref="TensorCatalog.Of"/>.</param>
    /// <param name="files">Disposed of with the checkpoint.</param>
    public FileCheckpoint(LlamaConfiguration configuration, Func<TensorSpec, WeightTensor> tensor, IReadOnlyList<MappedFile> files)
    {
        Configuration = configuration;
        _files = files;
        _fingerprint = new Lazy<string>(() => CheckpointFingerprint.Compute(this));
        EmbedTokens = tensor(TensorCatalog.EmbedTokens(configuration));
        Norm = tensor(TensorCatalog.Norm(configuration));
        LmHead = configuration.TiedEmbeddings ? EmbedTokens : tensor(TensorCatalog.LmHead(configuration));
        Layers = [.. Enumerable.Range(0, configuration.Layers.Length).Select(i => Layer(configuration, i, tensor))];
    }

    public override LlamaConfiguration Configuration { get; }

    public override string Fingerprint => _fingerprint.Value;

    public override WeightTensor EmbedTokens { get; }

    public override WeightTensor Norm { get; }

    public override WeightTensor LmHead { get; }

    public override ImmutableArray<LlamaLayerWeights> Layers { get; }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var file in _files)
            {
                file.Dispose();
            }
        }
    }

    private static LlamaLayerWeights Layer(LlamaConfiguration configuration, int layer, Func<TensorSpec, WeightTensor> tensor)
    {
        var specs = TensorCatalog.Layer(configuration, layer);
        WeightTensor Find(LayerTensor which)
        {
            var spec = specs[(int)which];

            // The norm in front of a part that is not there is in no file either. Ones, so that whoever reads it all the same gets a norm.
            return spec.IsStored ? tensor(spec) : new ConstantTensor(spec.Name, spec.Rows, spec.Columns, 1f);
        }

        WeightTensor? FindBias(LayerTensor which) =>
            configuration.HasOutputBiases && specs[(int)which] is { IsStored: true } spec ? tensor(spec) : null;

        return new LlamaLayerWeights(
            Find(LayerTensor.InputLayernorm),
            Find(LayerTensor.QProj),
            Find(LayerTensor.KProj),
            Find(LayerTensor.VProj),
            Find(LayerTensor.OProj),
            Find(LayerTensor.PostAttentionLayernorm),
            Find(LayerTensor.GateProj),
            Find(LayerTensor.UpProj),
            Find(LayerTensor.DownProj),
            FindBias(LayerTensor.OProjBias),
            FindBias(LayerTensor.DownProjBias));
    }
}
