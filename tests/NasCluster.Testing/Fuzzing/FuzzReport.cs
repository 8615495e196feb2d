namespace NasCluster.Testing.Fuzzing;

/// <summary>What a fuzzing run saw.</summary>
/// <param name="Count">Inputs tried.</param>
/// <param name="Accepted">Inputs the parser took.</param>
/// <param name="Refused">Inputs it refused with a proper message.</param>
/// <param name="Elapsed">How long it all took.</param>
/// <param name="Slowest">The longest time for one input.</param>
/// <param name="MostAllocated">The most bytes allocated for one input.</param>
public sealed record FuzzReport(int Count, int Accepted, int Refused, TimeSpan Elapsed, TimeSpan Slowest, long MostAllocated)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Count} inputs in {Elapsed.TotalSeconds:F1} s: {Accepted} accepted, {Refused} refused, "
        + $"slowest {Slowest.TotalMilliseconds:F1} ms, most allocated {MostAllocated} bytes";
}
