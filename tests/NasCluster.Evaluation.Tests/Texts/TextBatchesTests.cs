using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests.Texts;

public sealed class TextBatchesTests
{
    private static readonly TextSet Text = TextSet.Create(
        string.Concat(Enumerable.Range(0, 40).Select(i => (char)('a' + (i * 7 % 26)))), new LetterTokenizer(), new(4, 4, FirstTokenRule.Bos), "t");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Batches_AnySize_PartTheWindowsButForThoseThatFillNone(int size)
    {
        var batches = new TextBatches(Text.Requests, size);
        var all = Enumerable.Range(0, batches.Count).SelectMany(b => batches[b]).ToList();

        Assert.Equal(Text.Requests.Length / size, batches.Count);
        Assert.Equal(TextBatches.CountOf(Text.Requests.Length, size), batches.Count);
        Assert.All(Enumerable.Range(0, batches.Count), b => Assert.Equal(size, batches[b].Length));
        Assert.Equal(batches.Count * size, all.Distinct().Count());
        Assert.Subset(Text.Requests.ToHashSet(), all.ToHashSet());
    }

    [Fact]
    public void Batches_MadeAgain_AreTheSameAndMixed()
    {
        var (first, second) = (new TextBatches(Text.Requests, 3), new TextBatches(Text.Requests, 3));
        Assert.All(Enumerable.Range(0, first.Count), b => Assert.Equal(first[b].AsEnumerable(), second[b]));
        Assert.NotEqual(Text.Requests.Take(3 * first.Count), Enumerable.Range(0, first.Count).SelectMany(b => first[b]));
    }

    [Fact]
    public void Batches_NoSuchOneOrTooFewWindows_SaysSo()
    {
        var batches = new TextBatches(Text.Requests, 5);
        Assert.Contains("There is no batch 2; the text has batches 0 to 1", Assert.Throws<NasClusterException>(() => batches[2]).Message, StringComparison.Ordinal);
        Assert.Throws<NasClusterException>(() => batches[-1]);
        Assert.Contains($"has {Text.Requests.Length} windows; a batch takes 50", Assert.Throws<NasClusterException>(() => new TextBatches(Text.Requests, 50)).Message, StringComparison.Ordinal);
    }
}
