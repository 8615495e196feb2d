namespace NasCluster.SmallWorld;

/// <summary>A task that was written.</summary>
/// <param name="Name">The family.</param>
/// <param name="Path">Its file.</param>
/// <param name="Questions">How many questions.</param>
/// <param name="MeanTokens">Mean length of a question in tokens, the words of the prompt and the answer included.</param>
/// <param name="LongestTokens">Length of the longest.</param>
public sealed record TaskSummary(string Name, string Path, int Questions, double MeanTokens, int LongestTokens);
