namespace NasCluster.Evaluation.Measurements;

/// <summary>How a network's speed is measured. Figures of different protocols must not be compared.</summary>
/// <param name="Batch">Sequences per call.</param>
/// <param name="Tokens">Tokens of each sequence.</param>
/// <param name="WarmUp">Calls before the first measured one.</param>
/// <param name="Repeats">Measured calls.</param>
public sealed record MeasurementProtocol(int Batch, int Tokens, int WarmUp, int Repeats)
{
    /// <summary>Tokens that each sequence is decoded by after <see cref="Tokens"/>, one a step.</summary>
    public int NewTokens { get; init; } = 16;
}
