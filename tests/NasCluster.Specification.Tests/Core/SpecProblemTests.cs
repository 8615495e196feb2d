using NasCluster.Core.Specification;

namespace NasCluster.Specification.Tests.Core;

public sealed class SpecProblemTests
{
    [Fact]
    public void Message_ControlLettersAndEndlessNames_StayOneShortLine()
    {
        var problem = new SpecProblem(3, 4, "k", "a\nb\u001b[31m" + new string('x', 5000));
        Assert.StartsWith("a b [31mxxx", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Message.Length, 1, 1010);
    }

    [Fact]
    public void Exception_SeveralProblems_HasOneLineEachWithFileAndPlace()
    {
        var failure = new SpecificationException("search.yaml", [new(3, 4, "k", "k is 1; it must be 2."), new("m", "m is missing.")]);
        Assert.Equal("search.yaml(3,4): k is 1; it must be 2.\nsearch.yaml: m is missing.", failure.Message);
    }

    [Theory]
    [InlineData(0, 1, false, "in [0, 1]")]
    [InlineData(0, 1, true, "in (0, 1]")]
    [InlineData(1, double.PositiveInfinity, false, "at least 1")]
    [InlineData(0, double.PositiveInfinity, true, "greater than 0")]
    [InlineData(0.25, 1e9, false, "in [0.25, 1000000000]")]
    public void Range_Text_SaysTheBounds(double minimum, double maximum, bool open, string expected)
    {
        var range = new NumberRange(minimum, maximum, open);
        Assert.Equal(expected, range.ToString());
        Assert.Equal(!open, range.Contains(minimum));
        Assert.False(range.Contains(double.NaN));
        Assert.False(range.Contains(double.PositiveInfinity));
    }
}
