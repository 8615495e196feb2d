namespace NasCluster.Evaluation;

/// <summary>Which task.</summary>
/// <param name="Name">Its name, such as <c>arc_easy</c>.</param>
/// <param name="Fingerprint">SHA-256 over token ids, scored spans, right answers and choice lengths, in lower-case hexadecimal.</param>
public sealed record TaskIdentity(string Name, string Fingerprint)
{
    /// <summary>What the evaluation harness calls it, which decides its objectives; null for a file of questions in ARC's layout.</summary>
    public string? HarnessTask { get; init; }
}
