using NasCluster.Core;
using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Questions;

namespace NasCluster.SmallWorld;

/// <summary>The held-out questions of a family.</summary>
internal static class TaskSource
{
    // So rare a new question means that the family has hardly more.
    private const int MostTries = 20_000;

    /// <summary>So many different questions, in an order that says nothing of them.</summary>
    /// <exception cref="NasClusterException">The family has not so many.</exception>
    public static Question[] Questions(IQuestionFamily family, IRandomSource random, int count)
    {
        var questions = new List<Question>(count);
        var stems = new HashSet<string>(count, StringComparer.Ordinal);
        for (var tries = 0; questions.Count < count;)
        {
            var question = family.Draw(random);
            if (Holdout.IsForTasks(family.Name, question) && stems.Add(question.Stem))
            {
                questions.Add(question);
                tries = 0;
            }
            else if (++tries > MostTries)
            {
                throw new NasClusterException($"The family {family.Name} has hardly more than {questions.Count} held-out questions; {count} are too many.");
            }
        }

        // Short questions are met again sooner, so without this they would be rarer towards the end.
        var shuffled = questions.ToArray();
        random.Shuffle(shuffled.AsSpan());
        return shuffled;
    }
}
