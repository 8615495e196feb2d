using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Four or five people each have a thing; who has one of them, or what has one of them?</summary>
/// <remarks>Harder when the things come in colours: then neither the colour nor the thing alone tells who it is.</remarks>
internal sealed class RecallFamily : IQuestionFamily
{
    public const string FamilyName = "recall";

    public string Name => FamilyName;

    public Question Draw(IRandomSource random)
    {
        var people = random.Sample(Vocabulary.Names, random.NextBoolean(0.75) ? 4 : 5);
        var asked = random.NextInt(people.Length);
        return random.NextBoolean(0.5) ? Plain(random, people, asked) : Coloured(random, people, asked);
    }

    private static Question Plain(IRandomSource random, string[] people, int asked)
    {
        var things = random.Sample(Vocabulary.Things, people.Length);
        var facts = string.Concat(people.Zip(things, (person, thing) => $"{person} has a {thing}. "));
        var key = Ownership.Key(people[asked], things[asked]);
        return random.NextBoolean(0.6)
            ? Question.Of(random, $"{facts}Who has the {things[asked]}?", people[asked], Others(random, people, asked), key)
            : Question.Of(random, $"{facts}What does {people[asked]} have?", things[asked], Others(random, things, asked), key);
    }

    private static Question Coloured(IRandomSource random, string[] people, int asked)
    {
        var things = random.Sample(Vocabulary.Things, 2);
        var colours = random.Sample(Vocabulary.Colours, 3);
        var owned = random.Sample([.. from colour in colours from thing in things select (Colour: colour, Thing: thing)], people.Length);
        var facts = string.Concat(people.Zip(owned, (person, what) => $"{person} has a {what.Colour} {what.Thing}. "));
        var (askedColour, askedThing) = owned[asked];
        return Question.Of(
            random, $"{facts}Who has the {askedColour} {askedThing}?", people[asked], Others(random, people, asked), Ownership.Key(people[asked], askedThing));
    }

    private static string[] Others(IRandomSource random, string[] all, int asked) =>
        random.Sample([.. all.Where((_, i) => i != asked)], 3);
}
