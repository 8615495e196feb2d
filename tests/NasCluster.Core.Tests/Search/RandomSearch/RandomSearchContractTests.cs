using NasCluster.Core.Search;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.RandomSearch;

public class RandomSearchContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm => new RandomSearchOptions();
}
