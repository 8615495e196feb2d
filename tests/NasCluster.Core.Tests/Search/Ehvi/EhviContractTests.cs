using NasCluster.Core.Search;
using NasCluster.Core.Search.Ehvi;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.Ehvi;

public class EhviContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm => new EhviOptions { PopulationSize = 10, BatchSize = 5, InnerEvaluations = 60 };
}

public class EhviKnapsackContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm =>
        new EhviOptions { PopulationSize = 10, InnerEvaluations = 30, Start = SearchStart.Knapsack, MostSamples = 15 };
}
