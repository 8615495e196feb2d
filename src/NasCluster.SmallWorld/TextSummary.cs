namespace NasCluster.SmallWorld;

/// <summary>A text that was written.</summary>
/// <param name="Documents">Its documents.</param>
/// <param name="Tokens">Its tokens, without beginning and end marks.</param>
/// <param name="StoryTokens">Those of its tokens that are in stories; the others are in questions with their answers.</param>
public sealed record TextSummary(long Documents, long Tokens, long StoryTokens);
