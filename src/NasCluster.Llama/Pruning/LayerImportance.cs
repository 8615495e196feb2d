using System.Collections.Immutable;

namespace NasCluster.Llama.Pruning;

/// <summary>How much depends on one layer and on the parts of it that a sub-network may leave out. Greater is more important.</summary>
/// <param name="KvGroups">One value per key/value head with its query heads; empty without attention.</param>
/// <param name="HeadPairs">
/// One value per rotary pair, channels i and i + half of every head of the layer, summed over the heads and over rows of q, k, v and columns
/// of o; empty without attention.
/// </param>
/// <param name="MlpChannels">One value per MLP channel; empty without MLP.</param>
/// <param name="Layer">Of the layer as a whole, to compare with those of other layers.</param>
public sealed record LayerImportance(
    ImmutableArray<double> KvGroups, ImmutableArray<double> HeadPairs, ImmutableArray<double> MlpChannels, double Layer);
