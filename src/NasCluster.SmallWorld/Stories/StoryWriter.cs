using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Questions;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Stories;

/// <summary>Writes short stories of two or three people: a beginning, what happens, and how things stand in the end.</summary>
/// <remarks>The end follows from what was told, so that a reader who keeps track can foresee its words.</remarks>
internal static class StoryWriter
{
    private const int ShortestBody = 28;
    private const int LongestBody = 72;

    /// <summary>A story of one line, mostly 40 to 110 tokens.</summary>
    public static string Write(IRandomSource random)
    {
        var scene = new Scene(random);
        Begin(scene);
        var wanted = random.NextBetween(ShortestBody, LongestBody);
        while (scene.TokenCount < wanted)
        {
            random.Pick(StoryEvents.All)(scene);
        }

        End(scene);
        return scene.Text;
    }

    private static void Begin(Scene scene)
    {
        var random = scene.Random;
        var place = random.Pick(Vocabulary.Places);
        var (first, second) = (scene.People[0], scene.People[1]);
        var all = scene.People.Length == 2 ? $"{first} and {second}" : $"{first}, {second} and {scene.People[2]}";
        var (beginning, isInPlace) = random.NextInt(5) switch
        {
            0 => ($"One day {all} are in the {place}.", true),
            1 => ($"Today {all} are in the {place}.", true),
            2 => ($"Once {all} met in the {place}.", true),
            3 => ($"Here are {all}.", false),
            _ => ($"This is a story of {all}.", false),
        };
        scene.Tell(beginning);
        if (isInPlace)
        {
            foreach (var person in scene.People)
            {
                scene.Places[person] = place;
            }
        }

        StoryEvents.Get(scene);
    }

    private static void End(Scene scene)
    {
        var random = scene.Random;
        var facts = new List<(string Question, string Fact)>();
        facts.AddRange(scene.Things.Where(MayBeAsked).Select(t => ($"Who has the {t.Thing}?", $"{t.Holder} has the {t.Thing}.")));
        facts.AddRange(scene.People.Where(scene.Places.ContainsKey).Select(p => ($"Where is {p}?", $"{p} is in the {scene.Places[p]}.")));
        if (scene.Compared == scene.Ranking.Length - 1)
        {
            facts.Add(($"Who is the {scene.Quality.Most}?", $"{scene.Ranking[0]} is the {scene.Quality.Most}."));
            facts.Add(($"Who is the {scene.Quality.Least}?", $"{scene.Ranking[^1]} is the {scene.Quality.Least}."));
        }

        foreach (var (question, fact) in random.Sample(facts, Math.Min(facts.Count, random.NextBetween(2, 4))))
        {
            scene.Tell(random.NextBoolean(0.6) ? $"{question} {fact}" : $"Now {fact}");
        }
    }

    // Who has a thing is not told in the end where a task may ask it of the same two.
    private static bool MayBeAsked((string Thing, string Holder) owned) =>
        !Holdout.IsHeldOut(RecallFamily.FamilyName, Ownership.Key(owned.Holder, owned.Thing))
        && !Holdout.IsHeldOut(PossessionFamily.FamilyName, Ownership.Key(owned.Holder, owned.Thing));
}
