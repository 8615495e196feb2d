namespace NasCluster.Core.SuperNetworks;

/// <summary>
/// How rotary frequencies are slowed for sequences longer than those first trained on, as LLaMA 3.1 does: those that turn often within the
/// first length stay, those that turn seldom are divided by a factor, and those between are blended.
/// </summary>
/// <param name="Factor">What slow frequencies are divided by, at least 1.</param>
/// <param name="LowFrequencyFactor">Frequencies with at most so many turns within the first length are slow.</param>
/// <param name="HighFrequencyFactor">Frequencies with at least so many turns within the first length stay; more than the one before.</param>
/// <param name="OriginalPositions">The first length, in tokens.</param>
public sealed record RopeScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalPositions)
{
    /// <summary>A frequency, in radians a position, as it is slowed.</summary>
    public double Of(double frequency)
    {
        var turns = OriginalPositions * frequency / (2 * Math.PI);
        if (turns > HighFrequencyFactor)
        {
            return frequency;
        }

        if (turns < LowFrequencyFactor)
        {
            return frequency / Factor;
        }

        var kept = (turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return ((1 - kept) * frequency / Factor) + (kept * frequency);
    }
}
