using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>How often is a word in a list of four to ten, or how many of the words are animals, or fruits?</summary>
internal sealed class CountingFamily : IQuestionFamily
{
    private const int Longest = 10;

    public string Name => "counting";

    public Question Draw(IRandomSource random)
    {
        var result = random.NextBetween(1, 6);
        var length = random.NextBetween(Math.Max(4, result + 1), Longest);
        var (plural, counted, distractors) = random.NextInt(4) switch
        {
            0 => ("animals", (string[])[.. Vocabulary.Animals], (string[])[.. random.Sample(Vocabulary.Fruits, 2), .. random.Sample(Vocabulary.Things, 2)]),
            1 => ("fruits", [.. Vocabulary.Fruits], [.. random.Sample(Vocabulary.Animals, 2), .. random.Sample(Vocabulary.Things, 2)]),
            _ => OneNoun(random),
        };
        string[] list =
        [
            .. Enumerable.Range(0, result).Select(_ => random.Pick(counted)),
            .. Enumerable.Range(0, length - result).Select(_ => random.Pick(distractors)),
        ];
        random.Shuffle(list.AsSpan());
        var lowest = random.NextBetween(Math.Max(0, result - 3), result);
        var others = Enumerable.Range(lowest, 4).Where(n => n != result).Select(n => Vocabulary.Numbers[n]);
        return Question.Of(random, $"Count {string.Join(' ', list)}. How many {plural}?", Vocabulary.Numbers[result], others);
    }

    private static (string Plural, string[] Counted, string[] Distractors) OneNoun(IRandomSource random)
    {
        var nouns = random.Sample(Vocabulary.Countables, 3);
        return (nouns[0].Plural, [nouns[0].One], [nouns[1].One, nouns[2].One]);
    }
}
