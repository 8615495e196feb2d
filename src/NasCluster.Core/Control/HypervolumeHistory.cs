using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Search;

namespace NasCluster.Core.Control;

/// <summary>The history of the front's hypervolume, computed from the outcome log alone.</summary>
/// <remarks>
/// <para>
/// Without a given reference point, it is derived from the first trials that succeed, in the order of their numbers: the worst value
/// of each objective and a tenth of the spread beyond. Numbers, not completion, decide, so any number of workers gives one point.
/// The history begins once those trials are recorded.
/// </para>
/// <para>
/// Up to three objectives, every change of the front is a point. Beyond, exact volumes are costly, and the front is looked at
/// after every 50th outcome.
/// </para>
/// <para>Not thread-safe. A function of the log alone, so whoever lost it computes it again and gets the same points.</para>
/// </remarks>
public sealed class HypervolumeHistory
{
    /// <summary>How many trials a derived reference point comes from.</summary>
    public const int ReferenceTrials = 20;

    private readonly IReadOnlyList<Objective> _objectives;
    private readonly ParetoArchive _archive;
    private readonly int _interval;
    private readonly Dictionary<long, EvaluationOutcome> _early = [];
    private readonly List<EvaluationOutcome> _references = [];
    private Hypervolume? _hypervolume;
    private long _nextTrial;
    private long _evaluations;
    private long _lastSequence;
    private bool _isChanged;

    /// <summary>Begins a history.</summary>
    /// <param name="objectives">The objectives.</param>
    /// <param name="referencePoint">What to measure against; null to derive it.</param>
    /// <exception cref="ArgumentException">The reference point has not one finite value per objective.</exception>
    public HypervolumeHistory(IReadOnlyList<Objective> objectives, IReadOnlyList<double>? referencePoint)
    {
        _objectives = objectives;
        _archive = new ParetoArchive(objectives);
        _hypervolume = referencePoint is null ? null : new Hypervolume(objectives, referencePoint);
        _interval = objectives.Count <= 3 ? 1 : 50;
    }

    /// <summary>Takes the next outcome of the log.</summary>
    /// <param name="record">The outcome; each of the log once, in its order.</param>
    /// <returns>The point it adds; null if none.</returns>
    public HypervolumePoint? Add(OutcomeRecord record)
    {
        _lastSequence = record.Sequence;
        _evaluations += record.Source == OutcomeSource.Evaluated ? 1 : 0;
        _isChanged |= _archive.Insert(record.Trial, record.Outcome);
        if (_hypervolume is null)
        {
            _early.Add(record.Trial.Id.Value, record.Outcome);
            TakeReferences();
            return _hypervolume is null ? null : Point();
        }

        return (record.Sequence + 1) % _interval == 0 ? Point() : null;
    }

    /// <summary>Takes note that the log is complete.</summary>
    /// <returns>The last point; null if the one before it, if any, still holds.</returns>
    public HypervolumePoint? Complete()
    {
        if (_hypervolume is null && _references.Count > 0)
        {
            Derive();
        }

        return _hypervolume is null ? null : Point();
    }

    private HypervolumePoint? Point()
    {
        if (!_isChanged)
        {
            return null;
        }

        _isChanged = false;
        return new HypervolumePoint(_lastSequence, _evaluations, [.. _hypervolume!.ReferencePoint], _hypervolume.Of(_archive.Front));
    }

    private void TakeReferences()
    {
        while (_references.Count < ReferenceTrials && _early.Remove(_nextTrial, out var outcome))
        {
            _nextTrial++;
            if (outcome.IsSuccess && outcome.ConstraintViolation == 0)
            {
                _references.Add(outcome);
            }
        }

        if (_references.Count == ReferenceTrials)
        {
            Derive();
        }
    }

    private void Derive()
    {
        _hypervolume = new Hypervolume(_objectives, [.. Enumerable.Range(0, _objectives.Count).Select(Reference)]);
        _early.Clear();
    }

    private double Reference(int objective)
    {
        var values = _references.Select(outcome => outcome.Values[objective].Value).ToImmutableArray();
        var isMaximised = _objectives[objective].Direction == ObjectiveDirection.Maximise;
        var (worst, best) = isMaximised ? (values.Min(), values.Max()) : (values.Max(), values.Min());

        // Where all are equal there is no spread, yet the point must be worse than they are to count anything.
        var spread = worst != best ? Math.Abs(worst - best) : worst != 0 ? Math.Abs(worst) : 1;
        var reference = worst + (isMaximised ? -0.1 : 0.1) * spread;
        return double.IsFinite(reference) ? reference : worst;
    }
}
