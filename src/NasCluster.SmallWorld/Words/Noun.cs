namespace NasCluster.SmallWorld.Words;

/// <summary>A noun that is counted.</summary>
/// <param name="One">Its singular.</param>
/// <param name="Plural">Its plural.</param>
internal sealed record Noun(string One, string Plural);
