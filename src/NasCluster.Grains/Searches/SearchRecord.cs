using System.Collections.Immutable;
using NasCluster.Contracts.Searches;

namespace NasCluster.Grains.Searches;

/// <summary>What is stored of a search besides its log: how it was started, and where it stands.</summary>
internal sealed record SearchRecord(SearchDefinition Definition, SearchState State, string? Reason)
{
    /// <summary>The search as prepared, after the stages that have ended; null while none has.</summary>
    public string? Staged { get; init; }

    /// <summary>What those stages say of themselves; see <see cref="SearchProgress.Stages"/>.</summary>
    public ImmutableArray<string> Stages { get; init; } = [];

    /// <summary>The search as prepared, as far as it has come.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Prepared => Staged ?? Definition.Prepared;
}
