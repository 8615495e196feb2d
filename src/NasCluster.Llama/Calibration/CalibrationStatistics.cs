using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Calibration;

/// <summary>What is known of the activations of a whole network on a calibration set: the input of importance and of repair.</summary>
/// <param name="Configuration">The network's shape.</param>
/// <param name="Tokens">How many tokens were seen.</param>
/// <param name="Layers">One entry per layer.</param>
public sealed record CalibrationStatistics(LlamaConfiguration Configuration, long Tokens, ImmutableArray<LayerStatistics> Layers);
