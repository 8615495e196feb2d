namespace NasCluster.Core.Control;

/// <summary>Storage could not do what it was asked.</summary>
public class RunStoreException : NasClusterException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line: which store, and what went wrong.</param>
    /// <param name="isPermanent">Whether trying again can never help.</param>
    /// <param name="innerException">What raised it, if anything did.</param>
    public RunStoreException(string message, bool isPermanent, Exception? innerException = null)
        : base(message, innerException) => IsPermanent = isPermanent;

    /// <summary>
    /// Whether trying again can never help: the store is damaged, belongs to another process by now, or was asked to
    /// contradict what it holds. A full disk or a failed write is not permanent.
    /// </summary>
    public bool IsPermanent { get; }
}
