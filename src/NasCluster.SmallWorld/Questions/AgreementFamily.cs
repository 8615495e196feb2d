using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>Which pronoun goes on with a sentence: it agrees with the one who did it, and others stand between or before.</summary>
internal sealed class AgreementFamily : IQuestionFamily
{
    public string Name => "agreement";

    public Question Draw(IRandomSource random)
    {
        var pronouns = random.Sample(Vocabulary.Pronouns, 4);
        var answer = pronouns[0];
        var head = random.Pick(answer.Nouns);
        var other = random.Pick(pronouns[1].Nouns);
        var third = random.Pick(pronouns[2].Nouns);
        var verbs = random.Sample(Vocabulary.PastVerbs, 3);
        var stem = random.NextInt(9) switch
        {
            0 => $"The {head} near the {other} {verbs[0]}",
            1 => $"Near the {other} the {head} {verbs[0]}",
            2 => $"The {head} that {verbs[1]} the {other} {verbs[0]}",
            3 => $"The {other} {verbs[1]} the {head} that {verbs[0]}",
            4 => $"The {head} that the {other} {verbs[1]} {verbs[0]}",
            5 => $"The {other} near the {third} {verbs[1]} the {head} that {verbs[0]}",
            6 => $"The {other} said that the {head} {verbs[0]}",
            7 => $"The {head} that the {other} near the {third} {verbs[1]} {verbs[0]}",
            _ => $"The {other} that {verbs[1]} the {third} said that the {head} {verbs[0]}",
        };
        return Question.Of(random, stem, answer.Text, pronouns[1..].Select(p => p.Text));
    }
}
