using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Stories;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Tests.Stories;

public class StoryWriterTests
{
    private static readonly string[] Stories = [.. Enumerable.Range(0, 3_000).Select(i => StoryWriter.Write(new Xoshiro256((ulong)i)))];

    [Fact]
    public void Write_EverySentence_AgreesWithThoseBefore()
    {
        var endings = 0;
        foreach (var story in Stories)
        {
            var reader = new StoryReader();
            reader.Read(story);
            endings += reader.Checked;
        }

        Assert.True(endings > 2 * Stories.Length, $"{endings} facts of {Stories.Length} stories");
    }

    [Fact]
    public void Write_Length_IsThatOfAShortStory()
    {
        var lengths = Stories.Select(s => TokenCounter.Count(s)).ToArray();
        Assert.InRange(lengths.Average(), 65, 85);
        Assert.InRange(lengths.Min(), 28, 50);
        Assert.InRange(lengths.Max(), 90, 140);
        Assert.True(lengths.Count(l => l is >= 40 and <= 110) > 0.95 * lengths.Length);
    }

    [Fact]
    public void Write_Beginning_IsOneOfTheStartsOnOneLine() => Assert.All(Stories, story =>
    {
        Assert.Contains(story.Split(' ')[0], Vocabulary.Starts);
        Assert.DoesNotContain('\n', story);
    });

    [Fact]
    public void Write_ManyStories_Differ() => Assert.True(Stories.Distinct().Count() > 0.999 * Stories.Length);
}
