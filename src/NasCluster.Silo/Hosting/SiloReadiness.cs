namespace NasCluster.Silo.Hosting;

/// <summary>What readiness is told by.</summary>
internal sealed class SiloReadiness
{
    /// <summary>Whether the silo is a member of the cluster and its evaluators are at work.</summary>
    public bool HasJoined { get; set; }
}
