using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Four or five people in order, told pair by pair; who is at an end, or second?</summary>
/// <remarks>Harder when the pairs are told in any order, with both words of the scale, or when the second is asked for.</remarks>
internal sealed class OrderingFamily : IQuestionFamily
{
    public string Name => "ordering";

    public Question Draw(IRandomSource random) => Balance.Draw(random, 4, () =>
    {
        var quality = random.Pick(Vocabulary.Qualities);
        quality = random.NextBoolean(0.5) ? quality : quality.Reversed;
        var people = random.Sample(Vocabulary.Names, random.NextBoolean(0.75) ? 4 : 5);
        var pairs = Enumerable.Range(0, people.Length - 1).ToArray();
        if (random.NextBoolean(0.7))
        {
            random.Shuffle(pairs.AsSpan());
        }

        var isMixed = random.NextBoolean(0.4);
        var text = "";
        var mentions = new List<string>();
        foreach (var pair in pairs)
        {
            var (upper, lower) = (people[pair], people[pair + 1]);
            var isTurned = isMixed && random.NextBoolean(0.5);
            text += isTurned ? $"{lower} is {quality.Less} than {upper}. " : $"{upper} is {quality.More} than {lower}. ";
            mentions.AddRange(isTurned ? [lower, upper] : [upper, lower]);
        }

        var (answer, asked) = random.NextInt(4) switch
        {
            0 => (people[1], $"second {quality.Most}"),
            1 => (people[^1], quality.Least),
            _ => (people[0], quality.Most),
        };
        var others = random.Sample([.. people.Where(p => p != answer)], 3);

        // Among the choices the answer is named first, second, third and fourth equally often.
        var order = mentions.Distinct().Where(p => p == answer || others.Contains(p)).ToList();
        return (Question.Of(random, $"{text}Who is the {asked}?", answer, others), order.IndexOf(answer));
    });
}
