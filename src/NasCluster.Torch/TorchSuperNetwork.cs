using System.Security.Cryptography;
using System.Text;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using static TorchSharp.torch;

namespace NasCluster.Torch;

/// <summary>The Torch engine: a LLaMA-family network on a device, whose sub-networks are views of its weights.</summary>
/// <remarks>
/// It agrees with the CPU engine within a tolerance, see the contract's tests, not in every bit; and the last bits depend on which requests
/// are scored together, since the library sums in an order that goes by the shape of a batch, and on the kind of device. Masks that keep other than leading channels
/// are gathered for a call; leading ones copy nothing.
/// </remarks>
public sealed class TorchSuperNetwork : ISuperNetwork, INextTokenLogits, IDecoding, IExtraction
{
    /// <summary>Raised whenever the engine's results change for the same input, the library's version aside.</summary>
    private const string Version = "torch-1";

    private readonly TorchEngineOptions _options;
    private readonly Device _device;
    private readonly TorchWeights _weights;
    private readonly RotaryTurns _turns;
    private readonly UserCount _users;

    /// <summary>Copies a checkpoint's weights to the device; it is then no longer read, and may be disposed of.</summary>
    /// <param name="checkpoint">The network.</param>
    /// <param name="options">Device and number format; by default float32 on the CPU.</param>
    /// <exception cref="NasClusterException">The library cannot be loaded, there is no such device, or a weight is not finite.</exception>
    public TorchSuperNetwork(LlamaCheckpoint checkpoint, TorchEngineOptions? options = null)
        : this(
            (checkpoint ?? throw new ArgumentNullException(nameof(checkpoint))).Configuration, checkpoint.Fingerprint, Checked(options),
            device => new TorchWeights(checkpoint, TypeOf(Checked(options).Precision), device))
    {
    }

    private TorchSuperNetwork(LlamaConfiguration configuration, string fingerprint, TorchEngineOptions options, Func<Device, TorchWeights> load)
    {
        _options = options;
        _device = TorchLibrary.Open(options.Device);
        Info = Identify(configuration, fingerprint, options);
        _weights = load(_device);
        _turns = new RotaryTurns(configuration, configuration.MaximumPositions, _device);
        _users = new UserCount(this, () =>
        {
            _weights.Dispose();
            _turns.Dispose();
        });
    }

    /// <inheritdoc/>
    public SuperNetworkInfo Info { get; }

    /// <summary>What <see cref="Info"/> is of a network, without loading it.</summary>
    internal static SuperNetworkInfo Identify(LlamaConfiguration configuration, string fingerprint, TorchEngineOptions options) => new(
        configuration,
        fingerprint,
        PrecisionOf(options),
        TorchLibrary.KindOf(options.Device),
        NumericsOf(options));

    /// <summary>What scores depend on besides the network.</summary>
    internal static string ArithmeticOf(TorchEngineOptions options) => $"{PrecisionOf(options)} {NumericsOf(options)} {TorchLibrary.KindOf(options.Device)}";

    private static string PrecisionOf(TorchEngineOptions options) => options.Precision.ToString().ToLowerInvariant();

    private static string NumericsOf(TorchEngineOptions options) => $"{Version} (libtorch {TorchLibrary.Version}, {options.Device.Split(':')[0]})";

    /// <inheritdoc/>
    public LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(architectures);
        ArgumentNullException.ThrowIfNull(requests);
        using var use = _users.Enter();
        Info.Configuration.Check(architectures, requests);
        var results = architectures.Select(_ => new LogLikelihood[requests.Count]).ToArray();
        var tree = ArchitectureNode.Build(architectures);
        foreach (var batch in Batches(SharedInput.Of(requests)))
        {
            ScoreOrHalve(tree, requests, batch, results, cancellation);
        }

        return results;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Its fingerprint is made of this network's and the architecture, not of its weights: those would have to come back from the device
    /// to be hashed.
    /// </remarks>
    /// <exception cref="NasClusterException">The architecture does not fit the network.</exception>
    public ISuperNetwork Extract(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        using var use = _users.Enter();
        var configuration = Info.Configuration.Extract(architecture);
        var origin = $"{Info.Fingerprint}\n{ArchitectureJson.Write(architecture)}";
        return new TorchSuperNetwork(
            configuration, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin))), _options,
            _ => new TorchWeights(_weights, Info.Configuration, architecture));
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
        Info.Configuration.CheckTokens([.. tokenIds], "the sequence");
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var forward = Forward();
        var hidden = forward.Embed(tensor(tokenIds.Select(t => (long)t).ToArray(), [1, tokenIds.Count], device: _device));
        foreach (var layer in architecture.Layers)
        {
            hidden = forward.Layer(hidden, layer);
        }

        return forward.Logits(hidden.view(tokenIds.Count, Info.Configuration.HiddenSize)).cpu().data<float>().ToArray();
    }

    /// <inheritdoc/>
    public IDecodedSequences Begin(Architecture architecture, int sequences, int capacity)
    {
        using var use = _users.Enter();
        DecodingSteps.CheckBeginning(Info.Configuration, architecture, sequences, capacity);
        return new TorchDecodedSequences(Info.Configuration, Forward(), _users, architecture, sequences, capacity, TypeOf(_options.Precision), _device);
    }

    /// <summary>Frees the weights, once the calls under way have ended.</summary>
    public void Dispose() => _users.Retire();

    /// <summary>Sequences of like lengths together, so that little is padding.</summary>
    private IEnumerable<SharedInput[]> Batches(SharedInput[] inputs)
    {
        var batch = new List<SharedInput>();
        foreach (var input in inputs.OrderByDescending(i => i.Tokens.Length))
        {
            // The first of a batch is its longest.
            if (batch.Count > 0 && (batch.Count + 1L) * batch[0].Tokens.Length > _options.BatchTokens)
            {
                yield return [.. batch];
                batch.Clear();
            }

            batch.Add(input);
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }

    private void ScoreOrHalve(ArchitectureNode tree, IReadOnlyList<ScoringRequest> requests, SharedInput[] inputs, LogLikelihood[][] results, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var rows = (long)inputs.Length * inputs[0].Tokens.Length;
        try
        {
            _options.BatchBegins?.Invoke(inputs.Length, rows);
            Score(tree, requests, inputs, results, cancellation);
            return;
        }
        catch (System.Runtime.InteropServices.ExternalException exception) when (TorchLibrary.IsOutOfMemory(exception))
        {
            if (inputs.Length == 1)
            {
                throw new NasClusterException(
                    $"{_options.Device} has no memory for one sequence of {rows} tokens: {TorchLibrary.FirstLine(exception)} A smaller network or window, or a narrower number format, takes less.",
                    exception);
            }
        }

        catch (System.Runtime.InteropServices.ExternalException exception) when (TorchLibrary.IsDeviceLost(exception))
        {
            throw new DeviceLostException($"{_options.Device} is lost: {TorchLibrary.FirstLine(exception)}", exception);
        }

        // Outside the handler: what the failed half way still held is free now.
        _options.BatchHalved?.Invoke(inputs.Length, rows);
        var half = inputs.Length / 2;
        ScoreOrHalve(tree, requests, inputs[..half], results, cancellation);
        ScoreOrHalve(tree, requests, inputs[half..], results, cancellation);
    }

    private void Score(ArchitectureNode tree, IReadOnlyList<ScoringRequest> requests, SharedInput[] inputs, LogLikelihood[][] results, CancellationToken cancellation)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var forward = Forward();
        var length = inputs[0].Tokens.Length;
        var padded = new long[inputs.Length * length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var tokens = inputs[i].Tokens.Span;
            for (var t = 0; t < tokens.Length; t++)
            {
                padded[(i * length) + t] = tokens[t];
            }
        }

        (int Request, int FirstRow)[] asked = [.. inputs.SelectMany((input, i) => input.Requests.Select(r => (r, i * length)))];
        var (rows, targets) = BatchPlan.Targets(asked.Select(a => (requests[a.Request], a.FirstRow)));
        var wanted = tensor(Array.ConvertAll(rows, r => (long)r), device: _device);
        Visit(tree, forward.Embed(tensor(padded, [inputs.Length, length], device: _device)));

        // A node's stream is let go of before its last child is visited, so that one is held only for every layer at which architectures part.
        void Visit(ArchitectureNode node, Tensor hidden)
        {
            while (true)
            {
                if (node.EndsHere.Count > 0)
                {
                    Finish(node, hidden);
                }

                foreach (var child in node.Children.SkipLast(1))
                {
                    Visit(child, After(child, hidden));
                }

                if (node.Children.Count == 0)
                {
                    hidden.Dispose();
                    return;
                }

                node = node.Children[^1];
                var after = After(node, hidden);
                hidden.Dispose();
                hidden = after;
            }
        }

        Tensor After(ArchitectureNode child, Tensor hidden)
        {
            cancellation.ThrowIfCancellationRequested();
            return forward.Layer(hidden, child.Layer!);
        }

        void Finish(ArchitectureNode node, Tensor hidden)
        {
            using var flat = hidden.view(-1, Info.Configuration.HiddenSize);
            var (likelihoods, greedy) = Read(forward, flat, wanted, targets);
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
        }
    }

    /// <summary>Log-likelihoods of targets after rows of the residual stream; only these rows reach the output head, a portion at a time.</summary>
    private (float[] Likelihoods, bool[] Greedy) Read(TorchForward forward, Tensor hidden, Tensor rows, int[] targets)
    {
        var (likelihoods, greedy) = (new float[targets.Length], new bool[targets.Length]);
        var vocabulary = Info.Configuration.VocabularySize;
        var step = (int)Math.Clamp(_options.LogitValues / vocabulary, 1, Math.Max(1, targets.Length));
        for (var first = 0; first < targets.Length; first += step)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(step, targets.Length - first);
            var logits = forward.Logits(hidden.index_select(0, rows.narrow(0, first, count)));
            var target = tensor(Array.ConvertAll(targets[first..(first + count)], t => (long)t), [count, 1], device: _device);
            var own = logits.gather(1, target);
            (own - logits.logsumexp(1, keepdim: true)).view(-1).cpu().data<float>().CopyTo(likelihoods, first);

            // Greedy takes the lowest id on a tie: nothing above the target's, and nothing before it as high.
            var before = arange(vocabulary, int64, _device).unsqueeze(0) < target;
            var better = (logits > own) | (before & (logits == own));
            better.any(1).logical_not().cpu().data<bool>().CopyTo(greedy, first);
        }

        return (likelihoods, greedy);
    }

    private static TorchEngineOptions Checked(TorchEngineOptions? options)
    {
        options ??= new TorchEngineOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchTokens, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LogitValues, 1, nameof(options));
        return options;
    }

    private TorchForward Forward() => new(Info.Configuration, _weights, _turns, _options.Attention);

    internal static ScalarType TypeOf(TorchPrecision precision) => precision switch
    {
        TorchPrecision.Float32 => ScalarType.Float32,
        TorchPrecision.Bfloat16 => ScalarType.BFloat16,
        TorchPrecision.Float16 => ScalarType.Float16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "Unknown precision."),
    };
}
