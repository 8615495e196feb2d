using NasCluster.Core.Specification;

namespace NasCluster.Specification.Tests.Core;

public sealed class SpellingTests
{
    private static readonly string[] Known = ["population", "probability", "per_gene", "eta"];

    [Theory]
    [InlineData("populaton", "population")]
    [InlineData("popluation", "population")]
    [InlineData("probablity", "probability")]
    [InlineData("eat", "eta")]
    [InlineData("pergene", "per_gene")]
    [InlineData("window", null)]
    [InlineData("", null)]
    public void Nearest_Word_IsASlipOrNothing(string word, string? expected) => Assert.Equal(expected, Spelling.Nearest(word, Known));

    [Fact]
    public void Nearest_EndlessWord_IsNotCompared() => Assert.Null(Spelling.Nearest(new string('p', 100_000), Known));
}
