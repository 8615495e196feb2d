using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Engines;

namespace NasCluster.Llama.Cpu;

/// <summary>Sequences that the CPU engine goes on with. A step computes the new rows only; they have the bits they have in a sequence computed whole.</summary>
internal sealed class CpuDecodedSequences : IDecodedSequences
{
    private const int Lanes = TokenRows.Lanes;

    private readonly PackedNetwork _network;
    private readonly Crew _crew;
    private readonly BufferPool _pool;
    private readonly RotaryTables _rotary;
    private readonly UserCount _networkUsers;
    private readonly UserCount _users;
    private readonly ArchitectureNode _tree;
    private readonly KeyValues[] _kept;
    private readonly int _capacity;
    private readonly int _panels;

    /// <summary>Reserves the keys and values.</summary>
    /// <param name="network">The weights.</param>
    /// <param name="networkUsers">Counts each step as a user of them.</param>
    /// <param name="crew">Who computes.</param>
    /// <param name="pool">Working memory of a step.</param>
    /// <param name="rotary">Angles.</param>
    /// <param name="architecture">The sub-network; it fits the network.</param>
    /// <param name="sequences">How many.</param>
    /// <param name="capacity">Tokens of each at most.</param>
    /// <exception cref="NasClusterException">There is no memory for so many.</exception>
    public CpuDecodedSequences(
        PackedNetwork network, UserCount networkUsers, Crew crew, BufferPool pool, RotaryTables rotary, Architecture architecture, int sequences, int capacity)
    {
        (_network, _networkUsers, _crew, _pool, _rotary) = (network, networkUsers, crew, pool, rotary);
        (Count, _capacity, _panels) = (sequences, capacity, (capacity + Lanes - 1) / Lanes);
        _tree = ArchitectureNode.Build([architecture]);
        _kept = Reserve(network.Configuration, architecture, (long)sequences * _panels);
        _users = new UserCount(this, () => Array.ForEach(_kept, k => k.Dispose()));
    }

    public int Count { get; }

    public int Length { get; private set; }

    public float[] Advance(ReadOnlySpan<int> tokenIds, CancellationToken cancellation)
    {
        using var use = _users.Enter();
        using var networkUse = _networkUsers.Enter();
        var steps = DecodingSteps.Check(_network.Configuration, tokenIds, Count, Length, _capacity);
        cancellation.ThrowIfCancellationRequested();
        var tokens = new ReadOnlyMemory<int>[Count];
        var runs = new TokenRows.Run[Count];
        var wanted = new int[Count];
        for (var s = 0; s < Count; s++)
        {
            tokens[s] = tokenIds.Slice(s * steps, steps).ToArray();
            runs[s] = new TokenRows.Run(s * _panels * Lanes, Length, steps);
            wanted[s] = ((s + 1) * steps) - 1;
        }

        var logits = new float[(long)Count * _network.Configuration.VocabularySize];
        using var batch = new TokenBatch(runs, tokens, _rotary.For(Length + steps), _pool);
        using var pass = new ForwardPass(_network, _crew, _pool, batch, wanted, cancellation, _kept);
        pass.Run(_tree, (_, hidden, places) => _crew.Head.Logits(hidden, places, logits));

        // Not before everything is there: after a failure the step can be taken again, over what it left.
        Length += steps;
        return logits;
    }

    /// <summary>Frees the keys and values, once a step under way has ended.</summary>
    public void Dispose() => _users.Retire();

    private static KeyValues[] Reserve(LlamaConfiguration configuration, Architecture architecture, long panels)
    {
        var kept = new List<KeyValues>(architecture.Layers.Length);
        try
        {
            // Rows are numbered in 32 bits.
            _ = checked((int)(panels * Lanes));
            foreach (var layer in architecture.Layers)
            {
                var channels = layer.HeadPairs is { } pairs ? 2 * pairs.Count : configuration.HeadChannels(configuration.Layers[layer.SourceLayer]);
                kept.Add(new KeyValues(panels, layer.KvGroups.Count * channels, null));
            }

            return [.. kept];
        }
        catch (Exception exception) when (exception is OutOfMemoryException or OverflowException)
        {
            kept.ForEach(k => k.Dispose());
            throw new NasClusterException(
                $"There is no memory for the keys and values of {panels * Lanes} tokens in {architecture.Layers.Length} layers; ask for fewer sequences or a lower capacity.", exception);
        }
    }
}
