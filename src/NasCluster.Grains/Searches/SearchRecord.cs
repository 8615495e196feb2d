using NasCluster.Contracts.Searches;

namespace NasCluster.Grains.Searches;

/// <summary>What is stored of a search besides its log: how it was started, and where it stands.</summary>
internal sealed record SearchRecord(SearchDefinition Definition, SearchState State, string? Reason);
