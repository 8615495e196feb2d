using NasCluster.Core.Search;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.Tests.Spaces.Masks;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.MaskEvolution;

public class MaskEvolutionContractTests : SearchContract
{
    private static readonly MaskSpace Masks = MaskNetworks.Space(new MaskSpaceOptions { HeadPairs = true, MlpChannels = true, Depths = [2, 3] });

    protected override IArchitectureSpace Space => Masks;

    protected override AlgorithmOptions Algorithm => MaskNetworks.Evolution(Masks, 0.7, 0.8) with { Mutations = 5, Crossovers = 3, StrongMutations = 2, Elite = 4 };
}
