using System.Collections.Immutable;
using NasCluster.Core.Search.Snapshots;
using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Core.Search.PolicyGradient;

/// <summary>The policy gradient by ask and tell: a step's masks are asked for together, and the step is taken when all of them are told.</summary>
/// <remarks>
/// Legend: s probability, m bit of a mask, l loss of a mask, d baseline, K masks of a step. A mask that failed counts for nothing; where fewer
/// than two are left, or one, the gradient is divided by 1.
/// </remarks>
internal sealed class PolicyGradientSearch : ISearch, IMaskProbabilities
{
    private readonly PolicyGradientOptions _algorithm;
    private readonly SearchOptions _options;
    private readonly SampledMaskSpace _space;
    private readonly int[][] _pools;
    private readonly double[] _probabilities;

    /// <summary>The losses of the step's masks: NaN for one not told, infinity for one that failed.</summary>
    private double[] _losses = [];

    private int _step;
    private double _baseline = double.NaN;
    private int _nextToAsk;

    private PolicyGradientSearch(PolicyGradientOptions algorithm, SearchOptions options, SampledMaskSpace space)
    {
        _algorithm = algorithm;
        _options = options;
        _space = space;
        _probabilities = [.. algorithm.Start];

        // Groups and pairs are one pool, since both take attention away.
        _pools = [.. space.Masks.Sections.GroupBy(s => s.Part == MaskPart.KvGroup ? MaskPart.HeadPair : s.Part)
            .Select(pool => pool.SelectMany(s => Enumerable.Range(s.Start, s.Length)).ToArray())];
        foreach (var pool in _pools)
        {
            Project(pool);
        }

        Open();
    }

    public bool IsFinished => _losses.Length == 0;

    public int Available => _losses.Skip(_nextToAsk).Count(double.IsNaN);

    public int UntilBarrier => Available;

    public int? Generation => _step;

    public ImmutableArray<double> Probabilities => [.. _probabilities];

    private int StepCount => (_options.Budget + _space.Samples - 1) / _space.Samples;

    private int Created => Math.Min(_options.Budget, (_step * _space.Samples) + _losses.Length);

    public static PolicyGradientSearch Begin(PolicyGradientOptions algorithm, SearchOptions options, SampledMaskSpace space) => new(algorithm, options, space);

    public IReadOnlyList<Trial> Ask(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var trials = new List<Trial>();
        for (; trials.Count < count && _nextToAsk < _losses.Length; _nextToAsk++)
        {
            if (double.IsNaN(_losses[_nextToAsk]))
            {
                trials.Add(new Trial(new TrialId(((long)_step * _space.Samples) + _nextToAsk), _space.Encode(_step, _nextToAsk, Mask(_nextToAsk))));
            }
        }

        return trials;
    }

    public void Tell(TrialId id, EvaluationOutcome outcome)
    {
        if (id.Value < 0 || id.Value >= Created)
        {
            throw new ArgumentException($"Trial {id} was never created; there are trials 0 to {Created - 1}.", nameof(id));
        }

        if (outcome.IsSuccess && outcome.Values.Length != 1)
        {
            throw new ArgumentException($"The outcome of trial {id} has {outcome.Values.Length} values; the search has 1 objective.", nameof(outcome));
        }

        var sample = id.Value - ((long)_step * _space.Samples);
        if (sample < 0 || !double.IsNaN(_losses[(int)sample]))
        {
            return;
        }

        _losses[(int)sample] = outcome.IsSuccess
            ? outcome.Values[0].Value * (_options.Objectives[0].Direction == ObjectiveDirection.Maximise ? -1 : 1)
            : double.PositiveInfinity;
        if (!_losses.Any(double.IsNaN))
        {
            Step();
        }
    }

    public bool[] HardMask()
    {
        var mask = new bool[_probabilities.Length];
        foreach (var pool in _pools)
        {
            foreach (var bit in pool.OrderByDescending(i => _probabilities[i]).ThenBy(i => i).Take((int)Math.Round(Kept(pool), MidpointRounding.AwayFromZero)))
            {
                mask[bit] = true;
            }
        }

        return mask;
    }

    public SearchSnapshot Snapshot() => SnapshotCodec.Encode(_algorithm, _options, _space, writer =>
    {
        writer.Write(_step);
        writer.Write(_baseline);
        foreach (var value in _probabilities)
        {
            writer.Write(value);
        }

        foreach (var loss in _losses)
        {
            writer.Write(loss);
        }
    });

    public static PolicyGradientSearch Read(PolicyGradientOptions algorithm, SearchOptions options, SampledMaskSpace space, StateReader reader)
    {
        var search = new PolicyGradientSearch(algorithm, options, space);
        search._step = reader.ReadCount(search.StepCount);
        search._baseline = reader.ReadDouble();
        if (double.IsInfinity(search._baseline))
        {
            throw new InvalidDataException($"The baseline is {search._baseline}.");
        }

        for (var i = 0; i < search._probabilities.Length; i++)
        {
            var value = reader.ReadDouble();
            search._probabilities[i] = value is >= 0 and <= 1 ? value : throw new InvalidDataException($"Probability {i} is {value}.");
        }

        search.Open();
        for (var i = 0; i < search._losses.Length; i++)
        {
            search._losses[i] = reader.ReadDouble() is var loss && loss != double.NegativeInfinity ? loss : throw new InvalidDataException($"Loss {i} is {loss}.");
        }

        return search._losses.Length == 0 || search._losses.Any(double.IsNaN) ? search : throw new InvalidDataException("A step whose losses are all there was not taken.");
    }

    private void Open()
    {
        var count = Math.Min(_space.Samples, _options.Budget - (_step * _space.Samples));
        _losses = new double[Math.Max(0, count)];
        Array.Fill(_losses, double.NaN);
        _nextToAsk = 0;
    }

    /// <summary>
    /// d = (1 - 1/T) d + mean(l) / T; g = sum over k of (l_k - d) (m_k - s) / scale / (K - 1); s = s - rate g, clipped and projected
    /// (arXiv 2406.10576, Algorithm 1).
    /// </summary>
    private void Step()
    {
        var told = Enumerable.Range(0, _losses.Length).Where(k => double.IsFinite(_losses[k])).ToArray();
        if (told.Length > 0)
        {
            var mean = told.Sum(k => _losses[k]) / told.Length;
            _baseline = double.IsNaN(_baseline) ? mean : ((1 - (1 / _algorithm.BaselineWindow)) * _baseline) + (mean / _algorithm.BaselineWindow);
            Follow(told, told.Select(k => (_losses[k] - _baseline) / Math.Max(1, told.Length - 1)).ToArray());
        }

        _step++;
        Open();
    }

    private void Follow(int[] samples, double[] advantages)
    {
        // All before any probability moves: the masks are drawn from these.
        var masks = Array.ConvertAll(samples, Mask);
        var rate = _algorithm.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * _step / StepCount));
        for (var bit = 0; bit < _probabilities.Length; bit++)
        {
            var s = _probabilities[bit];
            var variance = (s + _algorithm.Epsilon) * (1 - s + _algorithm.Epsilon);
            var scale = _algorithm.Scaling == ScoreScaling.Variance ? variance : Math.Sqrt(variance);
            var gradient = 0.0;
            for (var k = 0; k < masks.Length; k++)
            {
                gradient += advantages[k] * ((masks[k][bit] ? 1 : 0) - s) / scale;
            }

            _probabilities[bit] = Math.Clamp(s - (rate * gradient), 0, 1);
        }

        foreach (var pool in _pools)
        {
            Project(pool);
        }
    }

    private void Project(int[] pool)
    {
        var values = Array.ConvertAll(pool, i => _probabilities[i]);
        Projection.Apply(values, Kept(pool));
        for (var i = 0; i < pool.Length; i++)
        {
            _probabilities[pool[i]] = values[i];
        }
    }

    private double Kept(int[] pool) => _algorithm.ShareOf(_space.Masks.Sections.First(s => pool[0] >= s.Start && pool[0] < s.Start + s.Length).Part) * pool.Length;

    private bool[] Mask(int sample) => MaskSampler.Draw(_probabilities, _options.Seed, _step, sample);
}
