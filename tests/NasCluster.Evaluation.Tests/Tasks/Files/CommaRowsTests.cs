using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Files;

namespace NasCluster.Evaluation.Tests.Tasks.Files;

public sealed class CommaRowsTests
{
    [Fact]
    public void Parse_QuotedFields_HoldCommasQuotesAndLineEnds()
    {
        var rows = CommaRows.Parse(new("a,\"b, \"\"c\"\"\", d \r\n\n\"two\r\nlines\",\"\",\nlast", "f.csv"));

        Assert.Equal([1, 3, 5], rows.Select(r => r.Line));
        Assert.Equal(["a", "b, \"c\"", " d "], rows[0].Fields.ToArray());
        Assert.Equal(["two\nlines", "", ""], rows[1].Fields.ToArray());
        Assert.Equal(["last"], rows[2].Fields.ToArray());
    }

    [Theory]
    [InlineData("a\n\"b\nc", "f.csv(2): a quote is opened and never closed.")]
    [InlineData("a\n\n\"b\" c", "f.csv(3): after a closing quote must come a comma or the end of the line.")]
    public void Parse_BrokenQuotes_NamesTheLine(string text, string message) =>
        Assert.Equal(message, Assert.Throws<NasClusterException>(() => CommaRows.Parse(new(text, "f.csv"))).Message);
}
