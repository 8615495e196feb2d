using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Core.Tests.Search.Nsga2;

public class Nsga2OptionsTests
{
    [Fact]
    public void Problems_Defaults_HasNone() => Assert.Empty(new Nsga2Options().Problems());

    [Fact]
    public void Problems_EverythingWrong_NamesEachSettingWithItsValueAndRule()
    {
        var options = new Nsga2Options
        {
            Mode = (Nsga2Mode)7,
            PopulationSize = 1,
            Crossover = (Nsga2Crossover)9,
            CrossoverProbability = 1.4,
            CrossoverGeneProbability = -0.1,
            CrossoverEta = -1,
            MutationProbability = double.NaN,
            MutationGeneProbability = 2,
            MutationEta = double.PositiveInfinity,
            DuplicateRetries = -3,
        };

        Assert.Equal(
            [
                "Mode is 7; it must be Generational or SteadyState.",
                "PopulationSize is 1; it must be at least 2.",
                "Crossover is 9; it must be SimulatedBinary or Uniform.",
                "CrossoverProbability is 1.4; it must be in [0, 1].",
                "CrossoverGeneProbability is -0.1; it must be in [0, 1].",
                "CrossoverEta is -1; it must be in [0, 1000].",
                "MutationProbability is NaN; it must be in [0, 1].",
                "MutationGeneProbability is 2; it must be in [0, 1].",
                "MutationEta is Infinity; it must be in [0, 1000].",
                "DuplicateRetries is -3; it must not be negative.",
            ],
            options.Problems());
    }
}
