using NasCluster.Core;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests.Texts;

public sealed class TextPartsTests
{
    [Fact]
    public void Cut_Documents_JoinsThemAndNeverSplitsOne()
    {
        var parts = TextParts.Cut("aaaa\n<|>\nbbbb\n<|>\n\n<|> cccc<|>dddd\n<|>\n", "<|>", "\n\n", 0.5, "t");
        Assert.Equal(new TextParts("aaaa\n\nbbbb", "cccc\n\ndddd"), parts);
    }

    [Theory]
    [InlineData(0.01, "a")]
    [InlineData(0.34, "a|b")]
    [InlineData(0.99, "a|b")]
    public void Cut_Documents_LeavesAtLeastOneInEachPart(double share, string search) =>
        Assert.Equal(search, TextParts.Cut("a;b;c", ";", "|", share, "t").Search);

    [Fact]
    public void Cut_WholeShare_MakesNoReportPart() => Assert.Equal(new TextParts("a|b", null), TextParts.Cut("a;b", ";", "|", 1, "t"));

    [Theory]
    [InlineData("aaaa\nbbbb\ncccc\n", 0.5, "aaaa\nbbbb\n", "cccc\n")]
    [InlineData("aaaa\nbbbb\ncccc\n", 0.1, "aaaa\n", "bbbb\ncccc\n")]
    [InlineData("a\nbbbbbbbbbbbb", 0.5, "a\n", "bbbbbbbbbbbb")]
    [InlineData("aaaa\nbb\n\n\n", 0.9, "aaaa\n", "bb\n\n\n")]
    public void Cut_OneDocument_CutsBetweenLines(string text, double share, string search, string report) =>
        Assert.Equal(new TextParts(search, report), TextParts.Cut(text, null, "", share, "t"));

    [Theory]
    [InlineData("one line", "is a single line; it needs at least two")]
    [InlineData("\n one line\n\n", "is a single line")]
    [InlineData(" \n ", "is empty")]
    [InlineData("", "is empty")]
    public void Cut_NothingToCut_SaysSo(string text, string rule)
    {
        foreach (var separator in new[] { null, ";" })
        {
            var failure = Assert.Throws<NasClusterException>(() => TextParts.Cut(text, separator, "", 0.5, "stories.txt"));
            Assert.StartsWith("stories.txt " + rule, failure.Message, StringComparison.Ordinal);
        }
    }
}
