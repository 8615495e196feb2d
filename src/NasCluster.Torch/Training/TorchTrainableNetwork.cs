using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Training;

/// <summary>A LLaMA-family network on a device whose weights can be changed, and the gradient of its loss by every one of them.</summary>
/// <remarks>Sub-networks are views of the weights, or gathered from them, so their gradients come to lie where the weights do.</remarks>
internal sealed class TorchTrainableNetwork : IDisposable
{
    private readonly RotaryTurns _turns;
    private readonly TorchForward _forward;

    /// <summary>Copies a checkpoint's weights to the device.</summary>
    /// <exception cref="NasCluster.Core.NasClusterException">There is no such device, a weight is not finite, or the network is one of those that are not trained.</exception>
    public TorchTrainableNetwork(LlamaCheckpoint checkpoint, TorchEngineOptions options)
    {
        Configuration = checkpoint.Configuration;
        Device = TorchLibrary.Open(options.Device);
        Parameters = new TorchParameters(checkpoint, TorchSuperNetwork.TypeOf(options.Precision), Device);
        _turns = new RotaryTurns(Configuration, Configuration.MaximumPositions, Device);
        _forward = new TorchForward(Configuration, Parameters.Weights, _turns, options.Attention);
        Head = new TorchHead(_forward, Parameters, options.LogitValues);
    }

    public LlamaConfiguration Configuration { get; }

    public Device Device { get; }

    public TorchParameters Parameters { get; }

    public TorchHead Head { get; }

    /// <summary>Where what the network expects of a batch can be recorded.</summary>
    public Tensor Distributions(TorchBatch batch) =>
        empty([batch.Scored, Configuration.VocabularySize], float32, Device).DetachFromDisposeScope();

    /// <summary>A sub-network's way forward.</summary>
    public TorchPass Forward(Architecture architecture, TorchBatch batch, Kept kept) => new(_forward, Parameters, architecture, batch, kept);

    /// <summary>The sum of the cross-entropies in nats of a batch's scored tokens.</summary>
    public double Loss(Architecture architecture, TorchBatch batch, Tensor? record = null)
    {
        using var pass = Forward(architecture, batch, Kept.Nothing);
        return Head.Loss(pass, record);
    }

    /// <summary>Takes passes whose losses are computed the way back together, layer by layer, and adds the gradients by the layers' weights.</summary>
    /// <param name="passes">Any number, of any sub-networks and batches.</param>
    /// <param name="gradients">Where they are added.</param>
    /// <param name="done">Called with a layer's number when its gradients are complete; its weights are not looked at after that.</param>
    public void Back(IReadOnlyList<TorchPass> passes, TorchGradients gradients, Action<int>? done = null)
    {
        for (var layer = Configuration.Layers.Length - 1; layer >= 0; layer--)
        {
            foreach (var pass in passes)
            {
                pass.Back(layer, gradients);
            }

            done?.Invoke(layer);
        }
    }

    /// <summary>Ends the way back of passes: adds the gradients by the embedding.</summary>
    public static void End(IReadOnlyList<TorchPass> passes, TorchGradients gradients)
    {
        foreach (var pass in passes)
        {
            pass.End(gradients);
        }
    }

    /// <summary>Fails unless a sub-network and sequences fit the network.</summary>
    /// <exception cref="NasCluster.Core.NasClusterException">They do not.</exception>
    public void Check(Architecture architecture, IReadOnlyList<ScoringRequest> sequences)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sequences.Count, nameof(sequences));
        Configuration.Check(architecture);
        TrainingInput.CheckTokens(Configuration, sequences);
    }

    public void Dispose()
    {
        Parameters.Dispose();
        _turns.Dispose();
    }
}
