namespace NasCluster.SmallWorld.Words;

/// <summary>A pair of brackets.</summary>
/// <param name="Opening">The opening one.</param>
/// <param name="Closing">The closing one.</param>
internal sealed record Bracket(string Opening, string Closing);
