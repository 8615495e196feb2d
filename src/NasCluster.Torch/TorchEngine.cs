using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;

namespace NasCluster.Torch;

/// <summary>The Torch engine as hosts choose it; its networks are <see cref="TorchSuperNetwork"/>.</summary>
public sealed class TorchEngine : ILlamaEngine
{
    private readonly TorchEngineOptions _options;

    /// <summary>Makes sure that the device is there.</summary>
    /// <param name="options">Device and number format.</param>
    /// <param name="cpu">How the processors are used beside it; by default all of them.</param>
    /// <exception cref="NasClusterException">The library cannot be loaded, or there is no such device.</exception>
    public TorchEngine(TorchEngineOptions options, CpuEngineOptions? cpu = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = TorchLibrary.Open(options.Device);
        _options = options;
        Arithmetic = TorchSuperNetwork.ArithmeticOf(options); // Once: it asks the driver what card this is, and hosts ask for it all the time.
        Cpu = cpu ?? new CpuEngineOptions();
    }

    /// <inheritdoc/>
    public string Device => _options.Device;

    /// <inheritdoc/>
    public string Arithmetic { get; }

    /// <inheritdoc/>
    public CpuEngineOptions Cpu { get; }

    /// <inheritdoc/>
    public SuperNetworkInfo Identify(LlamaCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return TorchSuperNetwork.Identify(checkpoint.Configuration, checkpoint.Fingerprint, _options);
    }

    /// <inheritdoc/>
    public long WeightBytes(LlamaConfiguration configuration) => TensorCatalog.Values(configuration) * TorchWeights.BytesOf(_options.Precision);

    /// <inheritdoc/>
    public ISuperNetwork Load(LlamaCheckpoint checkpoint) => new TorchSuperNetwork(checkpoint, _options);
}
