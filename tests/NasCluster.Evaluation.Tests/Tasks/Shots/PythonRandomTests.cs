using NasCluster.Evaluation.Tasks.Shots;

namespace NasCluster.Evaluation.Tests.Tasks.Shots;

/// <summary>Against what CPython 3.11's <c>random.Random</c> gives.</summary>
public sealed class PythonRandomTests
{
    [Theory]
    [InlineData(0, new uint[] { 3626764237, 1654615998, 3255389356 }, 0.890243920837131)]
    [InlineData(1234, new uint[] { 4150886329, 3342196574, 1892932127 }, 0.11685051774599753)]
    [InlineData(-5, new uint[] { 2675342405, 1097127993, 3185950873 }, 0.35853551175589526)]
    [InlineData((1L << 40) + 7, new uint[] { 2635837658, 3209733218, 3500038837 }, 0.937932416386988)]
    public void Next_ByPythonsSeeds_GivesItsBits(long seed, uint[] words, double number)
    {
        var random = new PythonRandom(seed);

        Assert.Equal(words, words.Select(_ => random.NextWord()));
        Assert.Equal(number, random.NextDouble());
    }

    /// <summary>Short lists and long ones, one after the other from the same generator: Python draws from either in its own way.</summary>
    [Fact]
    public void Sample_OneAfterTheOther_DrawsWhatPythonDraws()
    {
        var random = new PythonRandom(1234);

        Assert.Equal([99, 56, 14, 0, 11], random.Sample(100, 5));
        Assert.Equal([932, 965, 961, 826, 596], random.Sample(1000, 5));
        Assert.Equal([2, 42, 44, 5, 6, 49, 22, 15, 1, 51, 50, 53, 41, 39, 30, 46, 29, 9, 56, 11, 7, 0, 32, 31, 52, 4], random.Sample(60, 26));
        Assert.Equal([85, 69, 59, 8, 76, 86], random.Sample(90, 6));
        Assert.Equal([364, 2109, 2371, 188, 1104, 2279, 258, 1238], random.Sample(2376, 25)[..8]);
        Assert.Equal([0, 1, 2], random.Sample(3, 3));
    }
}
