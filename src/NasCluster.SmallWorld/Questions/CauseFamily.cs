using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>What people of a kind do is told, and of what kind somebody is; what will they do, or why do they do it?</summary>
/// <remarks>One step back from an act to its cause, two forward from a person to an act, three when a person is only said to be like another.</remarks>
internal sealed class CauseFamily : IQuestionFamily
{
    public string Name => "cause";

    public Question Draw(IRandomSource random)
    {
        var feelings = random.Sample(Vocabulary.Feelings, 4);
        var acts = random.Sample(Vocabulary.Acts, 4);
        var people = random.Sample(Vocabulary.Names, 3);
        var asked = random.NextInt(4);
        var rules = string.Concat(feelings.Zip(acts, (feeling, act) => $"{Vocabulary.Capitalised(feeling)} people {act}. "));
        var kind = random.NextDouble();
        if (kind < 0.25)
        {
            return Question.Of(
                random, $"{rules}{people[0]} will {acts[asked]}. Why? Because {people[0]} is", feelings[asked], Others(feelings, asked));
        }

        // Somebody else's feeling is told too, before or after.
        string[] states = [$"{people[0]} is {feelings[asked]}. ", $"{people[1]} is {feelings[(asked + 1 + random.NextInt(3)) % 4]}. "];
        if (kind < 0.5)
        {
            states = states[..1];
        }

        random.Shuffle(states.AsSpan());
        var who = people[0];
        if (kind >= 0.8)
        {
            states = [.. states, $"{people[2]} is like {people[0]}. "];
            who = people[2];
        }

        return Question.Of(random, $"{rules}{string.Concat(states)}What will {who} do?", acts[asked], Others(acts, asked));
    }

    private static IEnumerable<string> Others(string[] all, int asked) => all.Where((_, i) => i != asked);
}
