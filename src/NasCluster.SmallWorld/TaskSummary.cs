namespace NasCluster.SmallWorld;

/// <summary>A task that was written to <c>&lt;name&gt;.jsonl</c>.</summary>
/// <param name="Name">The family.</param>
/// <param name="Questions">How many questions.</param>
/// <param name="MeanTokens">Mean length of a question in tokens, the words of the prompt and the answer included.</param>
/// <param name="LongestTokens">Length of the longest.</param>
public sealed record TaskSummary(string Name, int Questions, double MeanTokens, int LongestTokens);
