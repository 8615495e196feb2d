using NasCluster.Core.Search;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search.Nsga2;

public class Nsga2GenerationalContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm => new Nsga2Options { PopulationSize = 10 };
}

public class Nsga2UniformCrossoverContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm =>
        new Nsga2Options { PopulationSize = 7, Crossover = Nsga2Crossover.Uniform, DuplicateRetries = 2, MutationProbability = 0.3 };
}

public class Nsga2SteadyStateContractTests : GenomeSearchContract
{
    protected override AlgorithmOptions Algorithm => new Nsga2Options { PopulationSize = 10, Mode = Nsga2Mode.SteadyState };

    protected override bool OrderOfTellsMatters => true;
}
