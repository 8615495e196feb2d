using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>A list of four to ten words is begun again; which word comes next?</summary>
/// <remarks>Harder when the word before stands twice in the list: then the one before it must be looked at too.</remarks>
internal sealed class CopyingFamily : IQuestionFamily
{
    private static readonly string[] Pool = [.. Vocabulary.Things, .. Vocabulary.Animals, .. Vocabulary.Fruits, .. Vocabulary.Colours];

    public string Name => "copying";

    public Question Draw(IRandomSource random)
    {
        var count = random.NextBetween(4, 10);
        var list = random.Sample(Pool, count);
        var next = random.NextInt(count - 1);
        string? rival = null;
        if (count > 5 && random.NextBoolean(0.5))
        {
            // The word before the next one also stands elsewhere, before another. Neither place is the list's first.
            var places = random.Sample([.. Enumerable.Range(1, count - 2)], 2);
            var (here, there) = (places[0], places[1]);
            if (Math.Abs(here - there) > 1)
            {
                list[there] = list[here];
                next = here + 1;
                rival = list[there + 1];
            }
        }

        var answer = list[next];

        // One wrong word has been said again and the others have not, where there are such: so the right one is neither the only
        // one left to say nor the first of the choices.
        var later = list[(next + 1)..].Except(list[..(next + 1)]).ToArray();
        var said = list[..next].Distinct().ToArray();
        later = random.Sample(later, later.Length);
        said = random.Sample(said, said.Length);
        string[] wrong = rival is null ? [.. said.Take(1), .. later, .. said.Skip(1)] : [rival, .. said.Contains(rival) ? [] : said.Take(1), .. later, .. said];
        var others = wrong.Where(w => w != answer).Distinct().Take(3);
        var all = string.Join(' ', list);
        var begun = string.Concat(list[..next].Select(w => " " + w));
        return Question.Of(random, $"Repeat {all}.{begun}", answer, others, all);
    }
}
