namespace NasCluster.Core;

/// <summary>The root of every failure this project reports on purpose: its message names what was found, where, and the rule.</summary>
/// <remarks>Programs print the message alone; anything else that escapes is a defect and keeps its stack trace.</remarks>
public class NasClusterException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One line: what was found, where, and the rule it broke.</param>
    /// <param name="innerException">What raised it, if anything did.</param>
    public NasClusterException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
