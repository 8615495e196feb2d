using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Questions;
using NasCluster.SmallWorld.Stories;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld;

/// <summary>The documents a network is trained on, without end: stories and answered questions, mixed at random.</summary>
internal static class DocumentSource
{
    /// <summary>Share of documents that are stories. Being longer than questions, they make two fifths of the tokens.</summary>
    private const double StoryShare = 0.16;

    /// <summary>Documents in a fixed order. No question that a task may ask is among them.</summary>
    /// <param name="random">Decides everything.</param>
    public static IEnumerable<string> Documents(IRandomSource random)
    {
        while (true)
        {
            yield return random.NextBoolean(StoryShare) ? StoryWriter.Write(random) : Answered(TrainingQuestion(random));
        }
    }

    /// <summary>A question as it is told with its answer: exactly what evaluation puts together.</summary>
    public static string Answered(Question question) => $"{Vocabulary.QuestionMark} {question.Stem}{Vocabulary.AnswerMark} {question.AnswerText}";

    private static Question TrainingQuestion(IRandomSource random)
    {
        var family = random.Pick(QuestionFamilies.All);
        while (true)
        {
            var question = family.Draw(random);
            if (Holdout.IsForTraining(family.Name, question))
            {
                return question;
            }
        }
    }
}
