using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NasCluster.Core.Search;

namespace NasCluster.Pipeline.Pruning;

/// <summary>What one network of a pruning is and scores.</summary>
/// <param name="Name"><c>whole</c>, <c>cut</c> or <c>repaired</c>.</param>
/// <param name="Parameters">Weights of all of it.</param>
/// <param name="BlockParameters">Weights of its layers.</param>
/// <param name="Search">Scores on the data that the search saw.</param>
/// <param name="Report">Scores on the data kept apart; empty where there are none.</param>
public sealed record PrunedRow(
    string Name,
    long Parameters,
    long BlockParameters,
    ImmutableArray<(Objective Objective, ObjectiveValue Value)> Search,
    ImmutableArray<(Objective Objective, ObjectiveValue Value)> Report)
{
    internal JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["parameters"] = Parameters,
        ["block_parameters"] = BlockParameters,
        ["search"] = Values(Search),
        ["report"] = Values(Report),
    };

    private static JsonObject Values(ImmutableArray<(Objective Objective, ObjectiveValue Value)> values) => new(
        values.Select(v => KeyValuePair.Create(v.Objective.Name, (JsonNode?)new JsonArray(v.Value.Value, v.Value.StandardError))));
}
