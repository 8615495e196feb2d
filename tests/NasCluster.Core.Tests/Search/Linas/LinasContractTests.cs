using NasCluster.Core.Search;
using NasCluster.Core.Search.Linas;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.Linas;

public class LinasContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm => new LinasOptions { PopulationSize = 10, InnerEvaluations = 200 };
}

public class LinasFewSamplesContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm => new LinasOptions { PopulationSize = 7, InnerEvaluations = 30, MostSamples = 12 };
}
