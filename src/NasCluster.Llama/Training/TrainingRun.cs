using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Randomness;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Training;

/// <summary>A network in training, step by step; with a space, a super-network whose sub-networks are trained together.</summary>
/// <remarks>
/// All it depends on is the network, the data, the space, the options and the engine: the same bits whether it ran through or was saved and
/// resumed at any step, and on the CPU engine whatever the threads. The order of the data and the sampled sub-networks are functions of seed and step number, so a
/// saved state is the weights, the optimiser's averages and the step number.
/// </remarks>
public sealed class TrainingRun : IDisposable
{
    private const int CurveSubNetworks = 4;

    private readonly TrainingRunOptions _options;
    private readonly TrainingBatches _batches;
    private readonly LearningRateSchedule _schedule;
    private readonly ITrainingEngine _engine;
    private readonly ImmutableArray<Architecture> _random;

    /// <summary>Starts at step 0 with a checkpoint's weights.</summary>
    /// <param name="engines">What computes.</param>
    /// <param name="checkpoint">The network; may then be disposed of.</param>
    /// <param name="space">Its sub-networks; null where only the whole is trained.</param>
    /// <param name="data">At least one sequence.</param>
    /// <param name="options">How to train.</param>
    /// <param name="teacher">A fixed network of the same vocabulary to learn from; may then be disposed of. Null for none.</param>
    /// <exception cref="NasClusterException">The options break a rule or do not fit the network or each other.</exception>
    public TrainingRun(
        ITrainingEngineFactory engines, LlamaCheckpoint checkpoint, LlamaSpace? space, TrainingSet data, TrainingRunOptions options, LlamaCheckpoint? teacher = null)
    {
        ArgumentNullException.ThrowIfNull(engines);
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

        _options = options;
        Sampler = new SubNetworkSampler(checkpoint.Configuration, space, options.Sampling, options.RandomCount, options.Seed);
        _batches = new TrainingBatches(data, options.BatchTokens, options.Seed);
        _schedule = new LearningRateSchedule(options.LearningRate, options.WarmUpSteps, options.Steps, options.FinalLearningRateShare);
        _engine = engines.Create(checkpoint, teacher, options);

        // The same ones at every point of the curve, and others than the first steps train.
        var random = new Xoshiro256(~options.Seed);
        _random = [.. Enumerable.Range(0, CurveSubNetworks).Select(_ => Sampler.Random(random))];
    }

    /// <summary>Says which sub-networks are trained.</summary>
    public SubNetworkSampler Sampler { get; }

    /// <summary>Steps done.</summary>
    public long StepsDone => _engine.Steps;

    /// <summary>Whether all steps are done.</summary>
    public bool IsFinished => StepsDone >= _options.Steps;

    /// <summary>Tokens read so far, learned or not, each counted once for each step it was in however many sub-networks read it.</summary>
    public long TokensDone { get; private set; }

    /// <summary>The weights as they are now.</summary>
    public ParameterSet Weights => _engine.Weights;

    /// <summary>Puts the run where a saved one was.</summary>
    /// <exception cref="NasClusterException">The state is not of this network's shape.</exception>
    public void Restore(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Weights.Configuration.Equals(_engine.Configuration))
        {
            throw new NasClusterException("The saved training state has the shape of another network.");
        }

        _engine.Restore(state);
        TokensDone = state.Progress.Tokens;
    }

    /// <summary>What must be saved to go on from here; views of what the next step changes.</summary>
    public TrainingState State(TrainingProgress progress) => _engine.State(progress);

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
        var tokens = batches.Sum(b => b.Sum(s => s.TokenIds.Length - 1L));
        var (loss, norm) = _engine.Gradient(StepPlan.Of(_options, Sampler.Largest, Sampler.Of(step), batches));
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new TrainingDivergedException(step, loss, norm);
        }

        var rate = _schedule.At(step);
        _engine.Update(rate, norm > _options.ClipNorm ? (float)(_options.ClipNorm / norm) : 1f);
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
    public void Dispose() => _engine.Dispose();

    private double MeanLoss(Architecture architecture, IReadOnlyList<ScoringRequest> sequences)
    {
        var (sum, tokens) = (0.0, 0L);
        foreach (var batch in Batches(sequences))
        {
            var count = batch.Sum(s => (long)s.ScoredCount);
            sum += _engine.Loss(architecture, batch) * count;
            tokens += count;
        }

        return sum / tokens;
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
