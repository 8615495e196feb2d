namespace NasCluster.Llama.Tests.Pruning;

/// <summary>Which share of each kind of part is kept in every layer, each in [0, 1].</summary>
/// <param name="MlpChannels">Of the MLP channels; 0 removes the MLPs.</param>
/// <param name="KvGroups">Of the KV groups; 0 removes the attentions.</param>
/// <param name="HeadPairs">Of the rotary pairs within heads; at least one pair stays.</param>
internal sealed record KeepShares(double MlpChannels = 1, double KvGroups = 1, double HeadPairs = 1);
