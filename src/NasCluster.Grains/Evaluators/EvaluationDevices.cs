using System.Collections.Concurrent;
using NasCluster.Core;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Grains.Evaluators;

/// <summary>The devices of this silo, and what was evaluated on each: that outlives the activations of its evaluator.</summary>
public sealed class EvaluationDevices(IEnumerable<IEvaluationDevice> devices)
{
    private readonly ConcurrentDictionary<string, EvaluatorTally> _tallies = new(StringComparer.Ordinal);

    /// <summary>Every device, by name.</summary>
    public IReadOnlyDictionary<string, IEvaluationDevice> ByName { get; } = devices.ToDictionary(d => d.Name, StringComparer.Ordinal);

    /// <summary>A device.</summary>
    /// <exception cref="NasClusterException">This silo has none of that name.</exception>
    public IEvaluationDevice this[string name] =>
        ByName.TryGetValue(name, out var device) ? device : throw new NasClusterException($"This silo has no device {name}.");

    /// <summary>How a device of this silo was lost; null while all work. Only another process has it again.</summary>
    public DeviceLostException? Lost { get; private set; }

    /// <summary>Says that one was lost.</summary>
    public void Lose(DeviceLostException exception) => Lost ??= exception;

    /// <summary>What was evaluated on a device since the silo began.</summary>
    public EvaluatorTally TallyOf(string name) => _tallies.GetValueOrDefault(name);

    /// <summary>Adds a lease to that.</summary>
    public void Count(string name, IReadOnlyCollection<EvaluationOutcome> outcomes, TimeSpan took) =>
        _tallies.AddOrUpdate(name, _ => default(EvaluatorTally).After(outcomes, took), (_, tally) => tally.After(outcomes, took));
}
