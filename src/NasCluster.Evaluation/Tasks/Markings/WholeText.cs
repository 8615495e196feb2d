namespace NasCluster.Evaluation.Tasks.Markings;

/// <summary>A text scored from its first token to its last, whose likelihood is spread over its words and bytes.</summary>
/// <param name="Words">Its words, as the task counts them.</param>
/// <param name="Bytes">Its length in UTF-8.</param>
public sealed record WholeText(int Words, int Bytes) : TaskMarking
{
    private protected override void AddTo(CanonicalHash hash) => hash.Add("whole text").Add((long)Words).Add((long)Bytes);
}
