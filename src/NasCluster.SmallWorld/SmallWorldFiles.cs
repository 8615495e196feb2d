using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Files;
using NasCluster.SmallWorld.Questions;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld;

/// <summary>Writes the small world: a text to train on, held-out questions about it, and its tokenizer.</summary>
/// <remarks>
/// Everything follows from the seed, down to the byte, on any machine. Each text and each family has a random sequence of its own, so
/// that a family's questions are the same whatever else is written.
/// </remarks>
public static class SmallWorldFiles
{
    /// <summary>The line between two documents.</summary>
    public const string Separator = "<|endoftext|>";

    /// <summary>Writes <c>train.txt</c>, <c>valid.txt</c>, <c>tokenizer.model</c> and <c>tasks/&lt;family&gt;.jsonl</c> of all families.</summary>
    /// <remarks>All or nothing: while it is written, the directory has another name beside its own.</remarks>
    /// <param name="directory">Where; made if it is not there, and empty if it is.</param>
    /// <param name="options">How much.</param>
    /// <exception cref="NasClusterException">The directory is not empty or cannot be written, or a family has not so many questions.</exception>
    public static WorldSummary Write(string directory, WorldOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.TrainingTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ValidationTokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Questions);
        return NewDirectory.Write(directory, partial =>
        {
            File.WriteAllBytes(Path.Combine(partial, "tokenizer.model"), WorldTokenizer.ToModelFile());
            var folder = Directory.CreateDirectory(Path.Combine(partial, "tasks")).FullName;

            // Questions first: that there are too few of them is found at once, not after a long text.
            var tasks = QuestionFamilies.All.Select(family => WriteTask(folder, family, options.Seed, options.Questions)).ToImmutableArray();
            return new WorldSummary(
                WriteText(Path.Combine(partial, "train.txt"), Sequence(options.Seed, "training"), options.TrainingTokens),
                WriteText(Path.Combine(partial, "valid.txt"), Sequence(options.Seed, "validation"), options.ValidationTokens),
                tasks);
        });
    }

    /// <summary>Writes only questions: <c>&lt;family&gt;.jsonl</c> of some families, the same that <see cref="Write"/> gives.</summary>
    /// <remarks>Each file is there whole or not at all; one that is there already is replaced.</remarks>
    /// <param name="directory">Where; made if it is not there.</param>
    /// <param name="seed">Decides every word.</param>
    /// <param name="families">Names, as in <see cref="QuestionFamilies"/>.</param>
    /// <param name="count">Questions of each family. Their order is random, so files of different counts differ in all lines.</param>
    /// <returns>A summary of each family, in the order of the names.</returns>
    /// <exception cref="NasClusterException">There is no such family, it has not so many questions, or a file cannot be written.</exception>
    public static ImmutableArray<TaskSummary> WriteTasks(string directory, ulong seed, IReadOnlyList<string> families, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(families);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        IQuestionFamily[] chosen = [.. families.Select(QuestionFamilies.Named)];
        try
        {
            Directory.CreateDirectory(directory);
            return [.. chosen.Select(family => WriteTask(directory, family, seed, count))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"Questions cannot be written to {directory}: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static TaskSummary WriteTask(string directory, IQuestionFamily family, ulong seed, int count)
    {
        var questions = TaskSource.Questions(family, Sequence(seed, family.Name), count);
        return WholeFile.Write(Path.Combine(directory, family.Name + ".jsonl"), writer =>
        {
            long tokens = 0;
            var longest = 0;
            for (var i = 0; i < questions.Length; i++)
            {
                ArcWriter.Write(writer, $"{family.Name}-{i + 1}", questions[i]);
                var length = TokenCounter.Count(DocumentSource.Answered(questions[i]));
                tokens += length;
                longest = Math.Max(longest, length);
            }

            return new TaskSummary(family.Name, count, (double)tokens / count, longest);
        });
    }

    private static TextSummary WriteText(string path, IRandomSource random, long least) => WholeFile.Write(path, writer =>
    {
        long documents = 0, tokens = 0, storyTokens = 0;
        foreach (var document in DocumentSource.Documents(random))
        {
            var count = TokenCounter.Count(document);
            documents++;
            tokens += count;
            storyTokens += document.StartsWith(Vocabulary.QuestionMark, StringComparison.Ordinal) ? 0 : count;
            writer.WriteLine(document);
            writer.WriteLine(Separator);
            if (tokens >= least)
            {
                break;
            }
        }

        return new TextSummary(documents, tokens, storyTokens);
    });

    // A sequence of its own for each purpose, from the seed and the purpose's name.
    private static Xoshiro256 Sequence(ulong seed, string purpose)
    {
        var words = new SplitMix64(seed);
        return new Xoshiro256(purpose.Aggregate(words.Next(), (hash, c) => new SplitMix64(hash ^ c).Next()));
    }
}
