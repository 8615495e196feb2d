using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Engines;

namespace NasCluster.Llama.Cpu;

/// <summary>The managed CPU engine: a LLaMA-family network in float32, whose sub-networks are views of its packed weights.</summary>
/// <remarks>
/// Results have the same bits whatever the number of threads, the vector width, the batch, its order, and the other architectures in
/// the call; and the same bits as the extracted sub-network's own. Cosines and sines are the only values taken from the C library,
/// rounded from double, so the bits also agree between machines wherever those do.
/// </remarks>
public sealed class CpuSuperNetwork : ISuperNetwork, INextTokenLogits, IDecoding, ITokenCounting, IExtraction
{
    /// <summary>Raised whenever the engine's bits change for the same input.</summary>
    public const string NumericsVersion = "cpu-1";

    private const string Precision = "float32";
    private const string Kind = "cpu";

    private readonly PackedNetwork _network;
    private readonly CpuEngineOptions _options;
    private readonly CpuKernels _kernels;
    private readonly BufferPool _pool = new();
    private readonly Workers _workers;
    private readonly Crew _shared;
    private readonly Crew _single;
    private readonly RotaryTables _rotary;
    private readonly TokenCounter _tally = new();
    private readonly UserCount _users;

    /// <summary>Packs a checkpoint's weights, which are then no longer read: it may be disposed of.</summary>
    /// <param name="checkpoint">The network.</param>
    /// <param name="options">How to use the machine; by default all of it.</param>
    /// <exception cref="NasClusterException">A tensor does not have the configuration's shape, or holds a weight that is not finite.</exception>
    public CpuSuperNetwork(LlamaCheckpoint checkpoint, CpuEngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        _options = options ?? new CpuEngineOptions();
        _kernels = CpuKernels.For(_options.VectorPath);
        var configuration = checkpoint.Configuration;
        _network = new PackedNetwork(checkpoint);
        _workers = new Workers(_options.Threads, _pool);
        _shared = CrewOf(_workers);
        _single = CrewOf(new Workers(1, _pool));
        _rotary = new RotaryTables(configuration);
        Info = Identify(checkpoint);
        _users = new UserCount(this, () =>
        {
            _network.Dispose();
            _pool.Dispose();
        });
    }

    /// <inheritdoc/>
    public SuperNetworkInfo Info { get; }

    /// <inheritdoc/>
    public TokenCounts ScoredTokens => _tally.Counts;

    /// <summary>What <see cref="Info"/> will be of a checkpoint, without loading it.</summary>
    public static SuperNetworkInfo Identify(LlamaCheckpoint checkpoint) =>
        new(checkpoint.Configuration, checkpoint.Fingerprint, Precision, Kind, NumericsVersion);

    /// <summary>What scores depend on besides the network.</summary>
    internal static string Arithmetic => $"{Precision} {NumericsVersion} {Kind}";

    /// <inheritdoc/>
    public LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(architectures);
        ArgumentNullException.ThrowIfNull(requests);
        using var use = _users.Enter();
        Info.Configuration.Check(architectures, requests);
        var results = architectures.Select(_ => new LogLikelihood[requests.Count]).ToArray();
        ScoreBatches(ArchitectureNode.Build(architectures), requests, results, cancellation);
        return results;
    }

    /// <inheritdoc/>
    /// <exception cref="NasClusterException">The architecture or a token does not fit the network.</exception>
    public float[] NextTokenLogits(Architecture architecture, IReadOnlyList<int> tokenIds)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(tokenIds);
        ArgumentOutOfRangeException.ThrowIfZero(tokenIds.Count, nameof(tokenIds));
        using var use = _users.Enter();
        Info.Configuration.Check(architecture);
        var tokens = tokenIds.ToArray();
        Info.Configuration.CheckTokens(tokens, "the sequence");
        var logits = new float[(long)tokens.Length * Info.Configuration.VocabularySize];
        var rows = Enumerable.Range(0, tokens.Length).ToArray();
        using var batch = new TokenBatch([tokens], _rotary.For(tokens.Length), _pool);
        using var pass = new ForwardPass(_network, _shared, _pool, batch, rows, CancellationToken.None);
        pass.Run(ArchitectureNode.Build([architecture]), (_, hidden, places) => _shared.Head.Logits(hidden, places, logits));
        return logits;
    }

    /// <inheritdoc/>
    public IDecodedSequences Begin(Architecture architecture, int sequences, int capacity)
    {
        using var use = _users.Enter();
        DecodingSteps.CheckBeginning(Info.Configuration, architecture, sequences, capacity);
        return new CpuDecodedSequences(_network, _users, _shared, _pool, _rotary, architecture, sequences, capacity);
    }

    /// <inheritdoc/>
    /// <exception cref="NasClusterException">The architecture does not fit the network.</exception>
    public ISuperNetwork Extract(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        using var use = _users.Enter();
        using var whole = PackedCheckpoint.Of(_network, Info.Fingerprint);
        using var part = SubNetworkCheckpoint.Extract(whole, architecture);
        return new CpuSuperNetwork(part, _options);
    }

    /// <summary>Frees the weights, once the calls under way have ended.</summary>
    public void Dispose() => _users.Retire();

    // Short enough for all threads' batches together not to take much memory, and for every thread to have one if that leaves it
    // enough to do; long enough for the weights to pass by seldom.
    private int BatchTokens(SharedInput[] inputs)
    {
        const int enough = 512;
        if (_options.BatchTokens > 0)
        {
            return _options.BatchTokens;
        }

        var share = BranchPlan.DistinctRows(inputs, _options.LeastShared) / _options.Threads;
        return (int)Math.Clamp(Math.Min(share, 8192 / _options.Threads), enough, 2048);
    }

    // As long as there is a batch for every thread, each computes one by itself: threads that share a batch wait for each other at
    // every layer, which on small networks cost a tenth of the time. What is left over is shared.
    private void ScoreBatches(ArchitectureNode tree, IReadOnlyList<ScoringRequest> requests, LogLikelihood[][] results, CancellationToken cancellation)
    {
        var inputs = SharedInput.Of(requests);
        Branch[][] batches = [.. BranchPlan.Split(inputs, BatchTokens(inputs), _options.LeastShared)];
        var rounds = batches.Length / _options.Threads * _options.Threads;
        _workers.Run(rounds, 0, (i, _) => ScoreBatch(_single, tree, requests, batches[i], results, cancellation));
        foreach (var batch in batches[rounds..])
        {
            ScoreBatch(_shared, tree, requests, batch, results, cancellation);
        }
    }

    private void ScoreBatch(
        Crew crew, ArchitectureNode tree, IReadOnlyList<ScoringRequest> requests, Branch[] branches, LogLikelihood[][] results, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var rotary = _rotary.For(branches.Max(b => b.Input.Tokens.Length));
        using var batch = new TokenBatch(Branch.Lay(branches), [.. branches.Select(b => b.Input.Tokens[b.Shared..])], rotary, _pool);
        (int Request, int Run)[] asked = [.. branches.SelectMany((branch, i) => branch.Input.Requests.Select(r => (r, i)))];
        var (rows, targets) = BatchPlan.Targets(asked.Select(a => (requests[a.Request], a.Run)), batch.RowOf);
        var scored = new ScoredRows(rows, targets);
        using var pass = new ForwardPass(_network, crew, _pool, batch, scored.Rows, cancellation);
        pass.Run(tree, (node, hidden, places) =>
        {
            var likelihoods = new float[targets.Length];
            var greedy = new bool[targets.Length];
            crew.Head.Score(hidden, places, scored, likelihoods, greedy);
            var at = 0;
            foreach (var (i, _) in asked)
            {
                var count = requests[i].ScoredCount;
                var result = BatchPlan.Collect(requests[i], likelihoods.AsSpan(at, count), greedy.AsSpan(at, count));
                at += count;
                foreach (var architecture in node.EndsHere)
                {
                    results[architecture][i] = result;
                }
            }
        });
        _tally.Add(asked.Select(a => requests[a.Request]), batch.Rows, results.Length);
    }

    private Crew CrewOf(Workers workers) => new(_kernels, workers, new OutputHead(_network, _kernels, workers));
}
