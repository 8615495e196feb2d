using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Randomness;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>A network in training, step by step; with a space, a super-network whose sub-networks are trained together.</summary>
/// <remarks>
/// All it depends on is the network, the data, the space and the options: the same bits whatever the threads, and whether it ran through
/// or was saved and resumed at any step. The order of the data and the sampled sub-networks are functions of seed and step number, so a
/// saved state is the weights, the optimiser's averages and the step number.
/// </remarks>
public sealed class TrainingRun : IDisposable
{
    private const int CurveSubNetworks = 4;

    private readonly TrainingRunOptions _options;
    private readonly TrainingBatches _batches;
    private readonly LearningRateSchedule _schedule;
    private readonly TrainableNetwork _network;
    private readonly TrainableNetwork? _teacher;
    private readonly AdamW _optimiser;
    private readonly ParameterSet _gradients;
    private readonly TokenDistributions _largest = new();
    private readonly TokenDistributions _teachers = new();
    private readonly ImmutableArray<Architecture> _random;
    private readonly int _threads;

    /// <summary>Starts at step 0 with a checkpoint's weights.</summary>
    /// <param name="checkpoint">The network; may then be disposed of.</param>
    /// <param name="space">Its sub-networks; null where only the whole is trained.</param>
    /// <param name="data">At least one sequence.</param>
    /// <param name="options">How to train.</param>
    /// <param name="engine">How to use the machine.</param>
    /// <param name="training">How gradients are computed.</param>
    /// <param name="teacher">A fixed network of the same vocabulary to learn from; disposed of with this run.</param>
    /// <exception cref="NasClusterException">The options break a rule or do not fit the network or each other.</exception>
    public TrainingRun(
        LlamaCheckpoint checkpoint, LlamaSpace? space, TrainingSet data, TrainingRunOptions options, CpuEngineOptions? engine = null,
        TrainingOptions? training = null, TrainableNetwork? teacher = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        if (data.Sequences.IsEmpty)
        {
            throw new NasClusterException($"{data.Source} has nothing to train on.");
        }

        if (options.TeacherShare > 0 && teacher is null)
        {
            throw new NasClusterException($"TeacherShare is {options.TeacherShare}, but there is no teacher; it must be 0.");
        }

        if (teacher is not null && teacher.Configuration.VocabularySize != checkpoint.Configuration.VocabularySize)
        {
            throw new NasClusterException(
                $"The teacher's vocabulary has {teacher.Configuration.VocabularySize} entries; it must have the network's {checkpoint.Configuration.VocabularySize}.");
        }

        engine ??= new CpuEngineOptions();
        (_options, _threads, _teacher) = (options, engine.Threads, teacher);
        Sampler = new SubNetworkSampler(checkpoint.Configuration, space, options.Sampling, RandomCount(options), options.Seed);
        _batches = new TrainingBatches(data, options.BatchTokens, options.Seed);
        _schedule = new LearningRateSchedule(options.LearningRate, options.WarmUpSteps, options.Steps, options.FinalLearningRateShare);
        _network = new TrainableNetwork(checkpoint, engine, training);
        _optimiser = new AdamW(_network.Weights, options.AdamW, engine.Threads);
        _gradients = ParameterSet.Zero(checkpoint.Configuration);

        // The same ones at every point of the curve, and others than the first steps train.
        var random = new Xoshiro256(~options.Seed);
        _random = [.. Enumerable.Range(0, CurveSubNetworks).Select(_ => Sampler.Random(random))];
    }

    /// <summary>Says which sub-networks are trained.</summary>
    public SubNetworkSampler Sampler { get; }

    /// <summary>Steps done.</summary>
    public long StepsDone => _optimiser.Steps;

    /// <summary>Whether all steps are done.</summary>
    public bool IsFinished => StepsDone >= _options.Steps;

    /// <summary>Tokens read so far, learned or not, each counted once for each step it was in however many sub-networks read it.</summary>
    public long TokensDone { get; private set; }

    /// <summary>The weights as they are now.</summary>
    public ParameterSet Weights => _network.Weights;

    /// <summary>Puts the run where a saved one was.</summary>
    /// <exception cref="NasClusterException">The state is not of this network's shape.</exception>
    public void Restore(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Weights.Configuration.Equals(_network.Configuration))
        {
            throw new NasClusterException("The saved training state has the shape of another network.");
        }

        Copy(state.Weights, _network.Weights);
        Copy(state.FirstMoments, _optimiser.FirstMoments);
        Copy(state.SecondMoments, _optimiser.SecondMoments);
        _optimiser.ResumeAt(state.Progress.Step);
        TokensDone = state.Progress.Tokens;
        _network.WeightsChanged();
    }

    /// <summary>What must be saved to go on from here; views of what the next step changes.</summary>
    public TrainingState State(TrainingProgress progress) =>
        new(_network.Weights, _optimiser.FirstMoments, _optimiser.SecondMoments, progress);

    /// <summary>Takes one step.</summary>
    /// <exception cref="TrainingDivergedException">The loss or its gradient is no finite number; the weights are as they were before the step.</exception>
    /// <exception cref="InvalidOperationException">All steps are done.</exception>
    public TrainingStep Step()
    {
        if (IsFinished)
        {
            throw new InvalidOperationException("All steps are done.");
        }

        var step = StepsDone;
        var batches = Enumerable.Range(0, _options.Accumulate).Select(i => _batches.Batch((step * _options.Accumulate) + i)).ToArray();
        var scored = batches.Sum(b => b.Sum(s => (long)s.ScoredCount));
        var tokens = batches.Sum(b => b.Sum(s => s.TokenIds.Length - 1L));
        var networks = Sampler.Of(step);
        _gradients.Clear();
        var loss = 0.0;
        foreach (var batch in batches)
        {
            var share = batch.Sum(s => (long)s.ScoredCount) / (double)scored / networks.Length;
            loss += share * LossesOf(networks, batch, (float)share);
        }

        var norm = GradientNorm.Of(_gradients, _threads);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new TrainingDivergedException(step, loss, norm);
        }

        var rate = _schedule.At(step);
        _optimiser.Step(_gradients, rate, norm > _options.ClipNorm ? (float)(_options.ClipNorm / norm) : 1f);
        _network.WeightsChanged();
        TokensDone += tokens;
        return new TrainingStep(step, tokens, loss, rate, norm);
    }

    /// <summary>Mean losses in nats of the largest, the smallest and four random sub-networks (their mean) on held-out sequences.</summary>
    public (double Largest, double Smallest, double Random) HeldOut(IReadOnlyList<ScoringRequest> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);

        // Where only the whole network is trained all of them are the same one.
        var known = new Dictionary<Architecture, double>();
        return (Mean(Sampler.Largest), Mean(Sampler.Smallest), _random.Average(Mean));

        double Mean(Architecture architecture) =>
            known.TryGetValue(architecture, out var mean) ? mean : known[architecture] = MeanLoss(architecture, sequences);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _teacher?.Dispose();
        _largest.Dispose();
        _teachers.Dispose();
    }

    private static int RandomCount(TrainingRunOptions options) => options.RandomSubNetworks ?? (options.Sampling == SamplingRule.Sandwich ? 2 : 1);

    private static void Copy(ParameterSet from, ParameterSet to)
    {
        foreach (var (source, target) in from.Tensors.Zip(to.Tensors))
        {
            source.Values.CopyTo(target.Values, 0);
        }
    }

    private double MeanLoss(Architecture architecture, IReadOnlyList<ScoringRequest> sequences)
    {

        var (sum, tokens) = (0.0, 0L);
        foreach (var batch in Batches(sequences))
        {
            var count = batch.Sum(s => (long)s.ScoredCount);
            sum += _network.Loss(architecture, batch) * count;
            tokens += count;
        }

        return sum / tokens;
    }

    // The sum of the sub-networks' losses on a batch; adds their gradients. InstaTune's loss (arXiv 2308.15609) term by term.
    private double LossesOf(ImmutableArray<Architecture> networks, ImmutableArray<ScoringRequest> batch, float share)
    {
        var (a, g) = (_options.TrueShare, _options.TeacherShare);
        var distils = a < 1;
        if (distils && g > 0)
        {
            _teacher!.Loss(_teacher.Configuration.FullArchitecture, batch, _teachers);
        }

        var first = networks[0].Equals(Sampler.Largest) ? 1 : 0;
        var subNetworks = networks[first..];
        var loss = 0.0;
        if (first == 1)
        {
            // a CE + (1 - a) g KL(S, T); without a teacher the largest learns from the true tokens alone, as strongly as a says.
            var strength = distils ? a + ((1 - a) * g) : 1;
            var terms = new LossTerms
            {
                Teacher = distils && g > 0 ? _teachers : null,
                SoftShare = strength > 0 ? (float)((1 - a) * g / strength) : 0f,
                Record = distils && g < 1 && subNetworks.Length > 0 ? _largest : null,
            };
            loss += _network.LossAndGradients(Sampler.Largest, batch, _gradients, (float)(share * strength), terms);
        }
        else if (distils && g < 1)
        {
            _network.Loss(Sampler.Largest, batch, _largest);
        }

        var taught = LossTerms.TrueTokens;
        if (distils && subNetworks.Length > 0)
        {
            // (1 - g) KL(S_i, S) + g KL(S_i, T)
            if (g is > 0 and < 1)
            {
                _largest.Mix(_teachers, (float)g);
            }

            taught = new LossTerms { Teacher = g < 1 ? _largest : _teachers, SoftShare = (float)(1 - a) };
        }

        foreach (var network in subNetworks)
        {
            loss += _network.LossAndGradients(network, batch, _gradients, share, taught);
        }

        return loss;
    }

    private IEnumerable<ScoringRequest[]> Batches(IReadOnlyList<ScoringRequest> sequences)
    {
        var (start, filled) = (0, 0);
        for (var i = 0; i < sequences.Count; i++)
        {
            filled += sequences[i].TokenIds.Length - 1;
            if (filled >= _options.BatchTokens || i == sequences.Count - 1)
            {
                yield return [.. sequences.Skip(start).Take(i + 1 - start)];
                (start, filled) = (i + 1, 0);
            }
        }
    }
}
