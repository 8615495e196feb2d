using System.Collections.Immutable;

namespace NasCluster.SmallWorld.Words;

/// <summary>A reflexive pronoun and the nouns it goes back to.</summary>
/// <param name="Text">The pronoun.</param>
/// <param name="Nouns">Its nouns.</param>
internal sealed record Pronoun(string Text, ImmutableArray<string> Nouns);
