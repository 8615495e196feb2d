using NasCluster.Core.Search;
using NasCluster.Core.Search.RandomSearch;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.RandomSearch;

public class RandomSearchContractTests : SearchContract
{
    protected override AlgorithmOptions Algorithm => new RandomSearchOptions();
}
