namespace NasCluster.Core.Randomness;

/// <summary>The 256 bits of a <see cref="Xoshiro256"/>; they are its whole state.</summary>
/// <param name="S0">Word 0.</param>
/// <param name="S1">Word 1.</param>
/// <param name="S2">Word 2.</param>
/// <param name="S3">Word 3.</param>
public readonly record struct RandomState(ulong S0, ulong S1, ulong S2, ulong S3)
{
    /// <summary>Whether the generator can run from here: all zero is the one state it never leaves.</summary>
    public bool IsValid => (S0 | S1 | S2 | S3) != 0;
}
