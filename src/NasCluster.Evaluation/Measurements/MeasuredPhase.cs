namespace NasCluster.Evaluation.Measurements;

/// <summary>What a network is timed at.</summary>
public enum MeasuredPhase
{
    /// <summary>Scoring whole sequences: one pass, the head at every position.</summary>
    Scoring,

    /// <summary>Reading the prompts of a batch in one step, the head at each one's last position.</summary>
    Prefill,

    /// <summary>Going on by one token for each sequence of a batch.</summary>
    Decode,
}
