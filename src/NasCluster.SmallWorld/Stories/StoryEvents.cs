using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Questions;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Stories;

/// <summary>What can happen in a story, told in the words the questions use. An event that does not fit the scene leaves it as it is.</summary>
internal static class StoryEvents
{
    /// <summary>All events; the commoner ones several times.</summary>
    public static ImmutableArray<Action<Scene>> All { get; } = [Give, Give, Give, Move, Move, Move, Get, Get, Feel, Feel, Compare, See, Add, Repeat];

    public static void Get(Scene scene)
    {
        var random = scene.Random;
        var thing = random.Pick(Vocabulary.Things);
        if (scene.Things.Count < 4 && scene.Things.All(t => t.Thing != thing))
        {
            var person = random.Pick(scene.People);
            var colour = random.NextBoolean(0.5) ? random.Pick(Vocabulary.Colours) + " " : "";
            scene.Tell($"{person} has a {colour}{thing}.");
            scene.Things.Add((thing, person));
        }
    }

    private static void Give(Scene scene)
    {
        var random = scene.Random;
        if (scene.Things.Count > 0)
        {
            var index = random.NextInt(scene.Things.Count);
            var (thing, from) = scene.Things[index];
            var to = scene.Other(from);
            scene.Tell(random.NextBoolean(0.6) ? $"{from} gives {to} the {thing}." : $"{to} takes the {thing} from {from}.");
            scene.Things[index] = (thing, to);
        }
    }

    private static void Move(Scene scene)
    {
        var random = scene.Random;
        var person = random.Pick(scene.People);
        var place = random.Pick(Vocabulary.Places);
        if (scene.Places.GetValueOrDefault(person) != place)
        {
            scene.Tell($"{person} goes to the {place}.");
            scene.Places[person] = place;
        }
    }

    private static void Feel(Scene scene)
    {
        var random = scene.Random;
        var person = random.Pick(scene.People);
        if (!scene.Feeling.Add(person))
        {
            return;
        }

        if (scene.Rules.Count == 0 || random.NextBoolean(0.4))
        {
            var feeling = random.Pick(Vocabulary.Feelings);
            var act = random.Pick(Vocabulary.Acts);
            if (scene.Rules.All(r => r.Feeling != feeling && r.Act != act))
            {
                scene.Tell($"{Vocabulary.Capitalised(feeling)} people {act}.");
                scene.Rules.Add((feeling, act));
            }
        }

        var rule = random.Pick(scene.Rules);
        scene.Tell(random.NextBoolean(0.7)
            ? $"{person} is {rule.Feeling}, so {person} will {rule.Act}."
            : $"{person} will {rule.Act}. Why? Because {person} is {rule.Feeling}.");
    }

    private static void Compare(Scene scene)
    {
        if (scene.Compared < scene.Ranking.Length - 1)
        {
            var (upper, lower) = (scene.Ranking[scene.Compared], scene.Ranking[scene.Compared + 1]);
            scene.Tell(scene.Random.NextBoolean(0.7) ? $"{upper} is {scene.Quality.More} than {lower}." : $"{lower} is {scene.Quality.Less} than {upper}.");
            scene.Compared++;
        }
    }

    private static void See(Scene scene)
    {
        var random = scene.Random;
        var pronoun = random.Pick(Vocabulary.Pronouns);
        var noun = random.Pick(pronoun.Nouns);
        var verbs = random.Sample(Vocabulary.PastVerbs, 2);
        var person = random.Pick(scene.People);
        var own = Vocabulary.Boys.Contains(person) ? "himself" : "herself";
        scene.Tell(random.NextInt(3) switch
        {
            0 => $"{person} {verbs[0]} {own}.",
            1 => $"{person} {verbs[0]} the {noun} that {verbs[1]} {pronoun.Text}.",
            _ => $"The {noun} near {person} {verbs[0]} {pronoun.Text}.",
        });
    }

    private static void Add(Scene scene)
    {
        var random = scene.Random;
        var isSum = random.NextBoolean(0.5);
        var (first, second) = ArithmeticFamily.DrawPair(random, isSum);
        if (!Holdout.IsHeldOut(ArithmeticFamily.FamilyName, ArithmeticFamily.Key(first, second)))
        {
            var noun = random.Pick(Vocabulary.Countables);
            var person = random.Pick(scene.People);
            scene.Tell($"{person} has {Number(first, noun)} and {(isSum ? "gets" : "loses")} {Vocabulary.Numbers[second]}.");
            scene.Tell($"Now {person} has {Number(isSum ? first + second : first - second, noun)}.");
        }
    }

    // Three words: the lists of questions are longer, so none of those is told here.
    private static void Repeat(Scene scene)
    {
        var list = string.Join(' ', scene.Random.Sample(Vocabulary.Things, 3));
        var person = scene.Random.Pick(scene.People);
        scene.Tell($"{person} said {list}. {scene.Other(person)} said {list}.");
    }

    private static string Number(int count, Noun noun) => $"{Vocabulary.Numbers[count]} {(count == 1 ? noun.One : noun.Plural)}";
}
