namespace NasCluster.Core.Storage;

/// <summary>Storage of cells failed; trying again may help.</summary>
public class StateCellException : NasClusterException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line: which cell, and what went wrong.</param>
    /// <param name="innerException">What raised it, if anything did.</param>
    public StateCellException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
