using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using static TorchSharp.torch;

namespace NasCluster.Torch;

/// <summary>Sequences that the Torch engine goes on with.</summary>
internal sealed class TorchDecodedSequences : IDecodedSequences
{
    private readonly LlamaConfiguration _configuration;
    private readonly TorchForward _forward;
    private readonly UserCount _networkUsers;
    private readonly UserCount _users;
    private readonly Architecture _architecture;
    private readonly TorchKeyValues?[] _kept;
    private readonly Device _device;
    private readonly int _capacity;

    /// <summary>Reserves the keys and values.</summary>
    /// <param name="configuration">The network.</param>
    /// <param name="forward">Its layers.</param>
    /// <param name="networkUsers">Counts each step as a user of its weights.</param>
    /// <param name="architecture">The sub-network; it fits the network.</param>
    /// <param name="sequences">How many.</param>
    /// <param name="capacity">Tokens of each at most.</param>
    /// <param name="type">Number format of keys and values.</param>
    /// <param name="device">Where.</param>
    /// <exception cref="NasClusterException">There is no memory for so many.</exception>
    /// <exception cref="DeviceLostException">The device works no more.</exception>
    public TorchDecodedSequences(
        LlamaConfiguration configuration, TorchForward forward, UserCount networkUsers, Architecture architecture, int sequences, int capacity, ScalarType type, Device device)
    {
        (_configuration, _forward, _networkUsers, _architecture) = (configuration, forward, networkUsers, architecture);
        (Count, _capacity, _device) = (sequences, capacity, device);
        var kept = new TorchKeyValues?[architecture.Layers.Length];
        _kept = kept;
        _users = new UserCount(this, () => Array.ForEach(kept, k => k?.Dispose()));
        try
        {
            Explained(() =>
            {
                for (var i = 0; i < kept.Length; i++)
                {
                    var layer = architecture.Layers[i];
                    kept[i] = layer.KvGroups.Count > 0 ? new TorchKeyValues(configuration, layer, sequences, capacity, type, device) : null;
                }
            });
        }
        catch
        {
            _users.Retire();
            throw;
        }
    }

    public int Count { get; }

    public int Length { get; private set; }

    public float[] Advance(ReadOnlySpan<int> tokenIds, CancellationToken cancellation)
    {
        using var use = _users.Enter();
        using var networkUse = _networkUsers.Enter();
        var steps = DecodingSteps.Check(_configuration, tokenIds, Count, Length, _capacity);
        cancellation.ThrowIfCancellationRequested();
        var tokens = new long[tokenIds.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = tokenIds[i];
        }

        float[] logits = [];
        Explained(() => logits = Step(tokens, steps));

        // Not before everything is there: after a failure the step can be taken again, over what it left.
        Length += steps;
        return logits;
    }

    /// <summary>Frees the keys and values, once a step under way has ended.</summary>
    public void Dispose() => _users.Retire();

    private float[] Step(long[] tokens, int steps)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var hidden = _forward.Embed(tensor(tokens, [Count, steps], device: _device));
        for (var i = 0; i < _kept.Length; i++)
        {
            var after = _forward.Layer(hidden, _architecture.Layers[i], _kept[i], Length);
            hidden.Dispose();
            hidden = after;
        }

        var last = hidden.narrow(1, steps - 1, 1).reshape(Count, _configuration.HiddenSize);
        return _forward.Logits(last).cpu().data<float>().ToArray();
    }

    private void Explained(Action action)
    {
        try
        {
            action();
        }
        catch (System.Runtime.InteropServices.ExternalException exception) when (TorchLibrary.IsOutOfMemory(exception))
        {
            throw new NasClusterException(
                $"{_device} has no memory for {Count} sequences of up to {_capacity} tokens: {TorchLibrary.FirstLine(exception)} Fewer of them, or a lower capacity, take less.",
                exception);
        }
        catch (System.Runtime.InteropServices.ExternalException exception) when (TorchLibrary.IsDeviceLost(exception))
        {
            throw new DeviceLostException($"{_device} is lost: {TorchLibrary.FirstLine(exception)}", exception);
        }
    }
}
