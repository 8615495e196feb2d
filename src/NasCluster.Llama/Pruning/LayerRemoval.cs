using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Pruning;

/// <summary>Importance of whole layers by what a loss gains when each is left out alone.</summary>
public static class LayerRemoval
{
    /// <summary>Mean cross-entropy without each layer less that of the whole network, in nats per scored token.</summary>
    /// <param name="network">Any engine; the layers before the one left out are computed once.</param>
    /// <param name="requests">What to score; at least one.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>One value per layer.</returns>
    /// <exception cref="NasClusterException">A loss is not a finite number, or a request does not fit the network.</exception>
    public static ImmutableArray<double> Measure(ISuperNetwork network, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentOutOfRangeException.ThrowIfZero(requests.Count, nameof(requests));
        var full = network.Info.Configuration.FullArchitecture;
        Architecture[] architectures = [full, .. full.Layers.Select(l => new Architecture(full.Layers.Remove(l)))];
        var tokens = requests.Sum(r => r.ScoredCount);
        double[] losses = [.. network.Score(architectures, requests, cancellation).Select(l => -l.Sum(s => s.Sum) / tokens)];
        var bad = Array.FindIndex(losses, l => !double.IsFinite(l));
        return bad < 0
            ? [.. losses.Skip(1).Select(l => l - losses[0])]
            : throw new NasClusterException(
                $"The loss {(bad == 0 ? "of the whole network" : $"without layer {bad - 1}")} is {losses[bad]}; it must be finite for importance to mean anything.");
    }
}
