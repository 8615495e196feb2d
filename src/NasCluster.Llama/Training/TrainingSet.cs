using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>What a network is trained on: token sequences, each on its own.</summary>
/// <param name="Source">Where they come from, for messages.</param>
/// <param name="Sequences">In file order; of each, the tokens from the first scored one on are learned, those before it are only read.</param>
/// <param name="Fingerprint">SHA-256 over token ids and scored spans, in lower-case hexadecimal.</param>
/// <param name="Truncated">How many sequences lost tokens because they were longer than the context.</param>
public sealed record TrainingSet(string Source, ImmutableArray<ScoringRequest> Sequences, string Fingerprint, int Truncated);
