using NasCluster.Core.Catalog;

namespace NasCluster.Core.Tests.Catalog;

public sealed class CatalogNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("small-world")]
    [InlineData("llama-2-7b.v1")]
    [InlineData("0")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123")]
    public void Parse_Name_IsKeptAsItIs(string text) => Assert.Equal(text, CatalogName.Parse(text, "search").Value);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("A")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData("a.-b")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("ä")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234")]
    public void Parse_WhatCouldLeadElsewhere_IsRefusedOnOneLine(string text)
    {
        var refused = Assert.Throws<NasClusterException>(() => CatalogName.Parse(text, "search"));

        Assert.Contains("no name of a search", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("small-world", "small-world")]
    [InlineData("stories260K", "stories260k")]
    [InlineData("My Model (v2)", "my-model-v2")]
    [InlineData("..weird__name--", "weird-name")]
    [InlineData("Llama-2.7B", "llama-2.7b")]
    [InlineData("日本", "otherwise")]
    [InlineData("", "otherwise")]
    public void Suggested_AnyText_IsANameCloseToIt(string text, string expected) => Assert.Equal(expected, CatalogName.Suggested(text, "otherwise").Value);

    [Fact]
    public void Suggested_RandomTexts_AreAlwaysNames()
    {
        var random = new Random(5);
        for (var i = 0; i < 5_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(120)).Select(_ => (char)random.Next(1, 0x250))]);
            var name = CatalogName.Suggested(text, "x").Value;
            Assert.True(CatalogName.TryParse(name, out _), name);
        }
    }
}
