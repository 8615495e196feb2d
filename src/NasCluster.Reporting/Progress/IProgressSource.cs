namespace NasCluster.Reporting.Progress;

/// <summary>Where a view reads what there is to show.</summary>
public interface IProgressSource
{
    /// <summary>The search as it is now.</summary>
    /// <remarks>Called several times a second from any thread; must not wait for the search.</remarks>
    ProgressSnapshot Read();
}
