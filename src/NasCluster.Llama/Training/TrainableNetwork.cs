using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>A LLaMA-family network in float32 whose weights can be changed, and the gradient of its loss by every one of them.</summary>
/// <remarks>
/// Results have the same bits whatever the number of threads, the vector width, and whether activations are kept or computed again.
/// They do depend on which sequences are in a batch and on their order. One call at a time.
/// </remarks>
public sealed unsafe class TrainableNetwork : IDisposable
{
    private const int Lanes = TokenBatch.Lanes;

    private readonly TrainingOptions _training;
    private readonly CpuKernels _kernels;
    private readonly TrainingKernels _trainingKernels;
    private readonly BufferPool _pool = new();
    private readonly Workers _workers;
    private readonly TwoWayMatrix _head;
    private readonly GainVector _norm;
    private readonly TrainableLayer[] _layers;
    private RotaryTable? _rotary;
    private bool _disposed;

    /// <summary>Copies a checkpoint's weights; it may then be disposed of.</summary>
    /// <param name="checkpoint">The network.</param>
    /// <param name="engine">How to use the machine; by default all of it. Batches are whole, so its batch size is not looked at.</param>
    /// <param name="training">How gradients are computed.</param>
    /// <exception cref="NasClusterException">
    /// A tensor does not have the configuration's shape, or holds a weight that is not finite; or the network has output biases, or heads
    /// that lack rotary pairs, which are not trained.
    /// </exception>
    public TrainableNetwork(LlamaCheckpoint checkpoint, CpuEngineOptions? engine = null, TrainingOptions? training = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        engine ??= new CpuEngineOptions();
        _training = training ?? new TrainingOptions();
        _kernels = CpuKernels.For(engine.VectorPath);
        _trainingKernels = TrainingKernels.For(engine.VectorPath);
        _workers = new Workers(engine.Threads, _pool);
        checkpoint.Configuration.CheckHeads();
        Weights = ParameterSet.Copy(checkpoint);
        _head = new TwoWayMatrix(Weights.LmHead);
        _norm = new GainVector(Weights.Norm);
        _layers = [.. Configuration.Layers.Select((_, i) => new TrainableLayer(Weights, i))];
        WeightsChanged();
    }

    /// <summary>The network's shape.</summary>
    public LlamaConfiguration Configuration => Weights.Configuration;

    /// <summary>The weights. After changing any, call <see cref="WeightsChanged"/>.</summary>
    public ParameterSet Weights { get; }

    /// <summary>Takes over the weights as they are now. Between a change and this call, losses and gradients mean nothing.</summary>
    public void WeightsChanged()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        TwoWayMatrix[] matrices = [_head, .. _layers.SelectMany(l => l.Matrices)];
        _workers.Run(matrices.Length, 0, (i, _) => matrices[i].Pack());
        _norm.Pack();
        Array.ForEach(_layers, l => l.PackGains());
    }

    /// <summary>
    /// The mean cross-entropy in nats of the scored tokens under a sub-network, whose gradient by each weight is added to
    /// <paramref name="gradients"/>. Positions that the sub-network does not use are not touched.
    /// </summary>
    /// <param name="architecture">The sub-network: any layers, and of each the leading KV groups and leading MLP channels.</param>
    /// <param name="sequences">One batch, computed at once; each sequence is on its own, and its tokens from the first scored one on are scored.</param>
    /// <param name="gradients">Of this network's shape.</param>
    /// <param name="weight">Factor of the gradients, but not of the result: say, a batch's share in an accumulated one.</param>
    /// <param name="terms">What else the gradients are of, and what is kept; by default nothing. The result is of the true tokens always.</param>
    /// <returns>The mean; NaN where a logit is NaN or infinite.</returns>
    /// <exception cref="NasClusterException">
    /// The architecture keeps an explicit set of groups or channels or leaves out head pairs, or it or a token does not fit the network.
    /// </exception>
    public double LossAndGradients(
        Architecture architecture, IReadOnlyList<ScoringRequest> sequences, ParameterSet gradients, float weight = 1f, LossTerms? terms = null)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (!gradients.Configuration.Equals(Configuration))
        {
            throw new ArgumentException("The gradients have the shape of another network.", nameof(gradients));
        }

        return Compute(architecture, sequences, gradients, weight, terms ?? LossTerms.TrueTokens);
    }

    /// <summary>The mean cross-entropy in nats of the scored tokens under a sub-network: that of <see cref="LossAndGradients"/>, bit for bit.</summary>
    /// <param name="architecture">The sub-network.</param>
    /// <param name="sequences">One batch.</param>
    /// <param name="record">Receives what the sub-network expects; null to keep nothing.</param>
    /// <exception cref="NasClusterException">As <see cref="LossAndGradients"/>.</exception>
    public double Loss(Architecture architecture, IReadOnlyList<ScoringRequest> sequences, TokenDistributions? record = null) =>
        Compute(architecture, sequences, null, 1f, new LossTerms { Record = record });

    /// <summary>Runs the whole network forward on one batch and shows each layer, in order, when it is done.</summary>
    /// <exception cref="NasClusterException">A token or a sequence does not fit the network.</exception>
    internal void Observe(IReadOnlyList<ScoringRequest> sequences, LayerObserver observer)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sequences.Count, nameof(sequences));
        ObjectDisposedException.ThrowIf(_disposed, this);
        var architecture = Configuration.FullArchitecture;
        TrainingInput.Check(Configuration, architecture, sequences);
        using var batch = Lay(sequences);
        var shape = new TrainingShape(Configuration, batch, _workers);
        AlignedBuffer[] streams = [_pool.Rent(shape.Panels * shape.Hidden), _pool.Rent(shape.Panels * shape.Hidden)];
        try
        {
            using var kept = new LayerActivations(shape, _pool);
            var forward = new LayerForward(shape, _kernels, _trainingKernels, _workers);
            Embed(shape, streams[0].Data);
            foreach (var layer in architecture.Layers)
            {
                var i = layer.SourceLayer;
                float* input = streams[i % 2].Data, output = streams[(i + 1) % 2].Data;
                forward.Run(new LayerSlice(_layers[i], Configuration, layer), input, kept, output);
                observer(shape, i, input, kept, output);
            }
        }
        finally
        {
            Array.ForEach(streams, _pool.Return);
        }
    }

    private double Compute(
        Architecture architecture, IReadOnlyList<ScoringRequest> sequences, ParameterSet? gradients, float weight, LossTerms terms)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfZero(sequences.Count, nameof(sequences));
        ObjectDisposedException.ThrowIf(_disposed, this);
        TrainingInput.Check(Configuration, architecture, sequences);
        using var batch = Lay(sequences);
        var (rows, targets) = BatchPlan.Targets(sequences.Zip(batch.FirstRows));
        var slices = Array.ConvertAll([.. architecture.Layers], l => new LayerSlice(_layers[l.SourceLayer], Configuration, l));
        var shape = new TrainingShape(Configuration, batch, _workers);
        return Run(shape, slices, rows, targets, weight / rows.Length, terms, gradients) / rows.Length;
    }

    /// <summary>Frees the packed weights and the working memory.</summary>
    public void Dispose()
    {
        _disposed = true;
        _head.Dispose();
        _norm.Dispose();
        Array.ForEach(_layers, l => l.Dispose());
        _pool.Dispose();
    }

    private double Run(TrainingShape shape, LayerSlice[] slices, int[] rows, int[] targets, float scale, LossTerms terms, ParameterSet? gradients)
    {
        var rented = new List<AlignedBuffer>();
        var kept = new List<LayerActivations>();
        try
        {
            // Without a backward pass only the stream on this side of a layer and the one on that side are needed.
            var streamCount = gradients is null ? Math.Min(slices.Length + 1, 2) : slices.Length + 1;
            var streams = Enumerable.Range(0, streamCount).Select(_ => Rent()).ToArray();
            var keptLayers = _training.Recompute || gradients is null ? Math.Min(slices.Length, 1) : slices.Length;
            kept.AddRange(Enumerable.Range(0, keptLayers).Select(_ => new LayerActivations(shape, _pool)));
            var forward = new LayerForward(shape, _kernels, _trainingKernels, _workers);
            Embed(shape, streams[0].Data);
            for (var i = 0; i < slices.Length; i++)
            {
                forward.Run(slices[i], streams[i % streams.Length].Data, kept[i % kept.Count], streams[(i + 1) % streams.Length].Data);
            }

            var last = streams[slices.Length % streams.Length].Data;
            var weights = new WeightGradients(_trainingKernels, _workers);
            var head = new HeadBackward(shape, _kernels, _trainingKernels, _workers, _pool, weights);
            if (gradients is null)
            {
                return head.Run(_head, _norm, last, rows, targets, scale, terms, null, null);
            }

            var residual = Rent();
            System.Runtime.InteropServices.NativeMemory.Clear(residual.Data, (nuint)(shape.Panels * shape.Hidden * sizeof(float)));
            var loss = head.Run(_head, _norm, last, rows, targets, scale, terms, residual.Data, gradients);
            using var backward = new LayerBackward(shape, _kernels, _trainingKernels, _workers, _pool, weights);
            for (var i = slices.Length - 1; i >= 0; i--)
            {
                if (_training.Recompute && i < slices.Length - 1)
                {
                    forward.Run(slices[i], streams[i].Data, kept[0], null);
                }

                backward.Run(slices[i], streams[i].Data, kept[i % kept.Count], residual.Data, gradients);
            }

            AddEmbedding(shape, residual.Data, gradients.EmbedTokens);
            return loss;
        }
        finally
        {
            kept.ForEach(k => k.Dispose());
            rented.ForEach(_pool.Return);
        }

        AlignedBuffer Rent()
        {
            rented.Add(_pool.Rent(shape.Panels * shape.Hidden));
            return rented[^1];
        }
    }

    private void Embed(TrainingShape shape, float* stream) => _workers.Run(shape.Panels, 0, (panel, _) =>
    {
        var hidden = Configuration.HiddenSize;
        var destination = stream + (panel * shape.Hidden);
        for (var lane = 0; lane < Lanes; lane++)
        {
            // Lanes beyond the last row hold its token, so that they hold numbers.
            var token = shape.Batch.Tokens[Math.Min((panel * Lanes) + lane, shape.Batch.Rows - 1)];
            var source = Weights.EmbedTokens.Values.AsSpan(token * hidden, hidden);
            for (var c = 0; c < source.Length; c++)
            {
                destination[(c * Lanes) + lane] = source[c];
            }
        }
    });

    // Each item takes some channels of all tokens, in order: tokens that are the same add to the same place.
    private void AddEmbedding(TrainingShape shape, float* residual, InMemoryTensor accumulator) =>
        _workers.Run((Configuration.HiddenSize + Lanes - 1) / Lanes, 0, (item, _) =>
        {
            var first = item * Lanes;
            var count = Math.Min(Lanes, Configuration.HiddenSize - first);
            for (var row = 0; row < shape.Batch.Rows; row++)
            {
                var source = residual + (row / Lanes * shape.Hidden) + (first * Lanes) + (row % Lanes);
                var target = accumulator.Values.AsSpan((shape.Batch.Tokens[row] * Configuration.HiddenSize) + first, count);
                for (var c = 0; c < count; c++)
                {
                    target[c] += source[c * Lanes];
                }
            }
        });

    private TokenBatch Lay(IReadOnlyList<ScoringRequest> sequences) =>
        new([.. sequences.Select(s => s.TokenIds.AsMemory()[..^1])], Rotary(sequences.Max(s => s.TokenIds.Length - 1)), _pool);

    private RotaryTable Rotary(int positions)
    {
        if (_rotary is null || _rotary.Positions < positions)
        {
            _rotary = new RotaryTable(Configuration, positions);
        }

        return _rotary;
    }
}
