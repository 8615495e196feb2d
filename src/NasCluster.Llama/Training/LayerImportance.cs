using System.Collections.Immutable;

namespace NasCluster.Llama.Training;

/// <summary>How much a loss depends on the parts of one layer that a sub-network may leave out.</summary>
/// <param name="KvGroups">One value per key/value head with its query heads; empty without attention.</param>
/// <param name="MlpChannels">One value per MLP channel; empty without MLP.</param>
public sealed record LayerImportance(ImmutableArray<double> KvGroups, ImmutableArray<double> MlpChannels);
