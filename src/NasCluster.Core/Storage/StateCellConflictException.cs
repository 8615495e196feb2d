namespace NasCluster.Core.Storage;

/// <summary>A cell is not as its writer last saw it: somebody else wrote it, and what the writer knows is out of date.</summary>
public sealed class StateCellConflictException : StateCellException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line: which cell.</param>
    /// <param name="innerException">What raised it, if anything did.</param>
    public StateCellConflictException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
