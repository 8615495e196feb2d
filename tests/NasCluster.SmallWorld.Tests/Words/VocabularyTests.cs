using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Tests.Words;

public class VocabularyTests
{
    [Fact]
    public void Words_Each_IsOneWordAndThereOnce()
    {
        Assert.Equal(Vocabulary.Words.Length, Vocabulary.Words.Distinct().Count());
        Assert.DoesNotContain(Vocabulary.Words, w => w.Any(c => c is ' ' or '.' or ',' or '?' or '\n' || !char.IsAscii(c)));
    }

    [Fact]
    public void Things_Each_CanStandAfterA() =>
        Assert.DoesNotContain(Vocabulary.Things.Concat(Vocabulary.Colours), w => "aeiou".Contains(w[0]));

    [Fact]
    public void Groups_AnswersAreDrawnFrom_DoNotOverlap()
    {
        string[] groups = [.. Vocabulary.Names, .. Vocabulary.Things, .. Vocabulary.Animals, .. Vocabulary.Fruits, .. Vocabulary.Colours, .. Vocabulary.Places];
        Assert.Equal(groups.Length, groups.Distinct().Count());
        Assert.Equal(21, Vocabulary.Numbers.Length);
        Assert.All(Vocabulary.Pronouns, p => Assert.All(Vocabulary.Pronouns.Where(q => q != p), q => Assert.Empty(p.Nouns.Intersect(q.Nouns))));
    }

    [Fact]
    public void Quality_Reversed_SwapsItsEnds()
    {
        var reversed = Vocabulary.Qualities[0].Reversed;
        Assert.Equal(("shorter", "shortest", "taller", "tallest"), (reversed.More, reversed.Most, reversed.Less, reversed.Least));
        Assert.Equal(Vocabulary.Qualities[0], reversed.Reversed);
    }
}
