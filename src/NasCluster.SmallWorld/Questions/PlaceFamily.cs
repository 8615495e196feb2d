using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Three people move about between different places; where is one of them now, or the thing one of them carries?</summary>
internal sealed class PlaceFamily : IQuestionFamily
{
    public string Name => "place";

    public Question Draw(IRandomSource random)
    {
        var count = random.NextBoolean(0.7) ? 4 : 5;
        var places = random.Sample(Vocabulary.Places, count);
        var people = random.Sample(Vocabulary.Names, 3);

        // The place asked for is drawn first, so that it stands anywhere in the text equally often; nobody asked about moves after it.
        var last = random.NextInt(count);
        var movers = new string[count];
        for (var i = 0; i < count; i++)
        {
            movers[i] = i < last ? random.Pick(people) : i == last ? people[0] : people[1 + random.NextInt(2)];
        }

        var sentences = movers.Select((person, i) =>
            Array.IndexOf(movers, person) == i && random.NextBoolean(0.5) ? $"{person} is in the {places[i]}." : $"{person} goes to the {places[i]}.").ToList();
        var what = people[0];
        if (random.NextBoolean(0.25))
        {
            var thing = random.Pick(Vocabulary.Things);
            sentences.Insert(random.NextInt(count + 1), $"{what} has a {thing}.");
            what = "the " + thing;
        }

        var others = random.Sample([.. places.Where((_, i) => i != last)], 3);
        return Question.Of(random, $"{string.Join(' ', sentences)} Where is {what}?", places[last], others);
    }
}
