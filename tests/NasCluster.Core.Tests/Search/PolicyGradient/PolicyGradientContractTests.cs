using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.Search.PolicyGradient;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.Tests.Spaces.Masks;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.PolicyGradient;

public class PolicyGradientContractTests : SearchContract
{
    private static readonly SampledMaskSpace Sampled = new(MaskNetworks.Space(new MaskSpaceOptions { KvGroups = true, MlpChannels = true, Layers = true }), 40, 3, 7);

    protected override ImmutableArray<Objective> Objectives { get; } = [new("log_likelihood", ObjectiveDirection.Maximise, ObjectiveKind.Scored)];

    protected override IArchitectureSpace Space => Sampled;

    protected override AlgorithmOptions Algorithm => new PolicyGradientOptions
    {
        Start = [.. Enumerable.Repeat(0.8, Sampled.Masks.BitCount)],
        AttentionShare = 0.75,
        MlpShare = 0.6,
        LayerShare = 0.9,
        LearningRate = 0.05,
    };
}
