using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Questions;

namespace NasCluster.SmallWorld.Tests;

public class TaskSourceTests
{
    [Fact]
    public void Questions_FamilyIsExhausted_SaysHowManyThereAre()
    {
        var family = new NumberFamily(50);
        var heldOut = Enumerable.Range(0, 50).Count(i => Holdout.IsHeldOut(family.Name, $"{i}"));

        Assert.Equal(heldOut, TaskSource.Questions(family, new Xoshiro256(1), heldOut).Length);
        var failure = Assert.Throws<NasClusterException>(() => TaskSource.Questions(family, new Xoshiro256(1), heldOut + 1));
        Assert.Equal($"The family numbers has hardly more than {heldOut} held-out questions; {heldOut + 1} are too many.", failure.Message);
    }

    /// <summary>Any leading part must be a fair sample: as many of the rare questions in the first half as in the second.</summary>
    [Fact]
    public void Questions_CommonerOnesAreMetSooner_AreSpreadEvenly()
    {
        var questions = GeneratedWorld.Tasks["arithmetic"];
        var half = questions.Length / 2;
        var bare = questions.Select(q => q.Stem.Split(' ').Length == 3).ToArray();
        var (first, second) = (bare[..half].Count(b => b), bare[half..].Count(b => b));
        Assert.True(first > 20);

        // Four standard deviations of the difference.
        Assert.InRange(first - second, -4 * Math.Sqrt(first + second), 4 * Math.Sqrt(first + second));
    }

    private sealed class NumberFamily(int count) : IQuestionFamily
    {
        public string Name => "numbers";

        public Question Draw(IRandomSource random)
        {
            var number = $"{random.NextInt(count)}";
            return new Question(number, ImmutableArray.Create("a", "b"), 0, [number]);
        }
    }
}
