namespace NasCluster.Core.Evaluation;

/// <summary>A device has stopped working in this process, as a graphics card does after an error of its own: whatever is asked of it from now on fails too.</summary>
/// <remarks>
/// No <see cref="NasClusterException"/> on purpose: it says nothing of what was being evaluated, so no trial may fail of it. Hosts hand back what they
/// hold, and begin anew.
/// </remarks>
/// <param name="message">Which device, and what it said, on one line.</param>
/// <param name="inner">What the library threw.</param>
public sealed class DeviceLostException(string message, Exception? inner = null) : Exception(message, inner);
