using System.Collections.Immutable;
using NasCluster.Silo.Configuration;

namespace NasCluster.Silo.Hosting;

/// <summary>What readiness is told by.</summary>
internal sealed class SiloReadiness(SiloSettings settings)
{
    private const string Awaited = "not loaded yet";

    private ImmutableSortedDictionary<string, string> _missing =
        settings.SuperNetworks.Preload.ToImmutableSortedDictionary(name => name, _ => Awaited, StringComparer.Ordinal);

    /// <summary>Whether the silo is a member of the cluster and its evaluators are at work.</summary>
    public bool HasJoined { get; set; }

    /// <summary>The super-networks that are to be loaded and are not, each with the reason.</summary>
    public ImmutableSortedDictionary<string, string> Missing => _missing;

    /// <summary>A super-network is in memory.</summary>
    public void Loaded(string name) => ImmutableInterlocked.Update(ref _missing, missing => missing.Remove(name));

    /// <summary>A super-network could not be loaded, this time.</summary>
    public void Failed(string name, string reason) => ImmutableInterlocked.Update(ref _missing, missing => missing.SetItem(name, reason));
}
