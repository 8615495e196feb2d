using NasCluster.Contracts.Evaluators;
using NasCluster.Core;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace NasCluster.Grains.Evaluators;

/// <summary>Places an evaluator on the silo that its key names.</summary>
[Serializable, GenerateSerializer]
public sealed class EvaluatorPlacement : PlacementStrategy
{
    internal static EvaluatorPlacement Instance { get; } = new();
}

/// <summary>Marks grains placed by <see cref="EvaluatorPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EvaluatorPlacementAttribute() : PlacementAttribute(EvaluatorPlacement.Instance);

/// <summary>Finds the silo an evaluator's key names.</summary>
internal sealed class EvaluatorPlacementDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = EvaluatorKey.Parse(target.GrainIdentity.Key.ToString()!);

        // On any other silo it would load the super-network of a device it does not have.
        return context.GetCompatibleSilos(target).Contains(key.Silo)
            ? Task.FromResult(key.Silo)
            : throw new NasClusterException($"Evaluator {key}: its silo is not in the cluster.");
    }
}
