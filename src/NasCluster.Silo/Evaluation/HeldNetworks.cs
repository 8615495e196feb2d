using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Engines;
using NasCluster.Pipeline.SuperNetworks;

namespace NasCluster.Silo.Evaluation;

/// <summary>The super-networks that the engine holds here, for whoever scores or carries out stages with them.</summary>
internal sealed class HeldNetworks(SuperNetworkLibrary networks, SuperNetworkShelf shelf, ILlamaEngine engine)
{
    /// <summary>What holds them.</summary>
    public ILlamaEngine Engine => engine;

    /// <summary>The use of a super-network, which is loaded if it is not here.</summary>
    /// <exception cref="Core.NasClusterException">There is none of its fingerprint.</exception>
    public async Task<SuperNetworkLease> AcquireAsync(SuperNetworkInfo wanted, CancellationToken cancellation)
    {
        var fingerprint = wanted.Fingerprint;
        while (true)
        {
            // Finding the files asks storage; not for a network that is in memory. If that makes room for another at this very moment, look again.
            using var files = shelf.Loaded.Contains(fingerprint) ? null : await networks.FindFingerprintAsync(fingerprint, cancellation);
            try
            {
                return await shelf.AcquireAsync(fingerprint, engine.WeightBytes(wanted.Configuration), _ => Load(files ?? throw new GoneException()), cancellation);
            }
            catch (GoneException)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>The weights of a super-network as they lie on disk.</summary>
    /// <exception cref="Core.NasClusterException">There is none of its fingerprint.</exception>
    public async Task<OpenedWeights> OpenAsync(string fingerprint, CancellationToken cancellation)
    {
        var files = await networks.FindFingerprintAsync(fingerprint, cancellation);
        try
        {
            return new OpenedWeights(files, LlamaCheckpoints.Open(files.Path));
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private ISuperNetwork Load(ModelFiles files)
    {
        using var checkpoint = LlamaCheckpoints.Open(files.Path);
        return engine.Load(checkpoint);
    }

    private sealed class GoneException : Exception;
}

/// <summary>Weights on this silo's disk, opened; their files stay as long as this.</summary>
internal sealed class OpenedWeights(ModelFiles files, LlamaCheckpoint checkpoint) : IDisposable
{
    public LlamaCheckpoint Checkpoint => checkpoint;

    public void Dispose()
    {
        checkpoint.Dispose();
        files.Dispose();
    }
}
