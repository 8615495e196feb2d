using NasCluster.Core.Search;
using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Linas;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.BlockScores;

public class BlockScoresContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm => new BlockScoresOptions();
}

public class Nsga2KnapsackContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm => new Nsga2Options { PopulationSize = 10, Start = SearchStart.Knapsack };
}

public class LinasKnapsackContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm =>
        new LinasOptions { PopulationSize = 10, InnerEvaluations = 100, Start = SearchStart.Knapsack };
}
