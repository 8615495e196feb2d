using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NasCluster.Pipeline.Prepared;

/// <summary>What a stage has come to.</summary>
/// <param name="Scores">The scores as the bytes of their file, to be stored; empty of the stage after the search.</param>
/// <param name="Record">Inputs, settings and time taken; of the stage after the search also what was cut out and scored.</param>
public sealed record StageOutput(ImmutableArray<byte> Scores, JsonObject Record);
