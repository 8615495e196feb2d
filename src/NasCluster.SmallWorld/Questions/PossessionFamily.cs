using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Two or three things change hands one to three times; who has one of them now?</summary>
internal sealed class PossessionFamily : IQuestionFamily
{
    public const string FamilyName = "possession";

    public string Name => FamilyName;

    public Question Draw(IRandomSource random) => Balance.Draw(random, 4, () =>
    {
        var people = random.Sample(Vocabulary.Names, 4);
        var moves = random.NextBetween(1, 3);
        var things = random.Sample(Vocabulary.Things, moves == 1 ? 3 : 2);
        var asked = random.NextInt(things.Length);
        var holders = people[..things.Length];
        var mentions = new List<string>(holders);
        var text = string.Concat(holders.Zip(things, (person, thing) => $"{person} has a {thing}. "));
        for (var i = 0; i < moves; i++)
        {
            var thing = random.NextInt(things.Length);
            var from = holders[thing];
            var to = random.Pick([.. people.Where(p => p != from)]);
            var given = random.NextBoolean(0.6);
            text += given ? $"{from} gives {to} the {things[thing]}. " : $"{to} takes the {things[thing]} from {from}. ";
            mentions.AddRange(given ? [from, to] : [to, from]);
            holders[thing] = to;
        }

        // By who was named last the answer is in each place equally often; and all four are named, or one choice would be idle.
        var answer = holders[asked];
        mentions.Reverse();
        var order = mentions.Distinct().ToList();
        var question = Question.Of(
            random, $"{text}Who has the {things[asked]}?", answer, people.Where(p => p != answer), Ownership.Key(answer, things[asked]));
        return (question, order.Count < 4 ? -1 : order.IndexOf(answer));
    });
}
