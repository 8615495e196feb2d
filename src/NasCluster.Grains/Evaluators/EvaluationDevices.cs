using NasCluster.Core;
using NasCluster.Core.Evaluation;

namespace NasCluster.Grains.Evaluators;

/// <summary>The devices of this silo.</summary>
public sealed class EvaluationDevices(IEnumerable<IEvaluationDevice> devices)
{
    /// <summary>Every device, by name.</summary>
    public IReadOnlyDictionary<string, IEvaluationDevice> ByName { get; } = devices.ToDictionary(d => d.Name, StringComparer.Ordinal);

    /// <summary>A device.</summary>
    /// <exception cref="NasClusterException">This silo has none of that name.</exception>
    public IEvaluationDevice this[string name] =>
        ByName.TryGetValue(name, out var device) ? device : throw new NasClusterException($"This silo has no device {name}.");
}
