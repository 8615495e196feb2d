using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Files;
using NasCluster.SmallWorld.Questions;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld;

/// <summary>Writes the small world: a text to train on, held-out questions about it, and its tokenizer.</summary>
/// <remarks>
/// Everything follows from the seed, down to the byte, on any machine. Text and each family have a random sequence of their own, so that
/// a family's questions are the same whatever else is written.
/// </remarks>
public static class SmallWorldFiles
{
    /// <summary>The line between two documents.</summary>
    public const string Separator = "<|endoftext|>";

    /// <summary>Writes <c>train.txt</c>, <c>valid.txt</c>, <c>tokenizer.model</c> and <c>tasks/&lt;family&gt;.jsonl</c> of all families.</summary>
    /// <param name="directory">Where; made if it is not there, and empty if it is.</param>
    /// <param name="options">How much.</param>
    /// <exception cref="NasClusterException">The directory is not empty, a file cannot be written, or a family has not so many questions.</exception>
    public static WorldSummary Write(string directory, WorldOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        RequireEmpty(directory);
        NewFile.MakeDirectory(directory);
        NewFile.Write(Path.Combine(directory, "tokenizer.model"), WorldTokenizer.ToModelFile());
        var tasks = WriteTasks(Path.Combine(directory, "tasks"), options.Seed, [.. QuestionFamilies.All.Select(f => f.Name)], options.Questions);
        var validation = WriteText(Path.Combine(directory, "valid.txt"), Stream(options.Seed, "validation"), options.ValidationTokens);
        var training = WriteText(Path.Combine(directory, "train.txt"), Stream(options.Seed, "training"), options.TrainingTokens);
        return new WorldSummary(training, validation, tasks);
    }

    /// <summary>Writes only questions: <c>&lt;family&gt;.jsonl</c> of some families, the same as <see cref="Write"/> does.</summary>
    /// <param name="directory">Where; made if it is not there.</param>
    /// <param name="seed">Decides every word.</param>
    /// <param name="families">Names, as in <see cref="QuestionFamilies"/>.</param>
    /// <param name="count">Questions of each family; fewer are the leading ones of more only by chance.</param>
    /// <exception cref="NasClusterException">There is no such family, it has not so many questions, or a file cannot be written.</exception>
    public static ImmutableArray<TaskSummary> WriteTasks(string directory, ulong seed, IReadOnlyList<string> families, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(families);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        IQuestionFamily[] chosen = [.. families.Select(QuestionFamilies.Named)];
        NewFile.MakeDirectory(directory);
        return [.. chosen.Select(family => WriteTask(Path.Combine(directory, family.Name + ".jsonl"), family, seed, count))];
    }

    private static TaskSummary WriteTask(string path, IQuestionFamily family, ulong seed, int count)
    {
        var questions = TaskSource.Questions(family, Stream(seed, family.Name), count);
        NewFile.Write(path, writer =>
        {
            for (var i = 0; i < questions.Length; i++)
            {
                ArcWriter.Write(writer, $"{family.Name}-{i + 1}", questions[i]);
            }

            return 0;
        });
        var lengths = questions.Select(q => TokenCounter.Count(DocumentSource.Answered(q))).ToArray();
        return new TaskSummary(family.Name, path, count, lengths.Average(), lengths.Max());
    }

    private static TextSummary WriteText(string path, IRandomSource random, long least) => NewFile.Write(path, writer =>
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

    private static void RequireEmpty(string directory)
    {
        if (File.Exists(directory) || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            throw new NasClusterException($"{directory} is there already; a world is written to a new or empty directory.");
        }
    }

    // A sequence of its own for each purpose, from the seed and the purpose's name.
    private static Xoshiro256 Stream(ulong seed, string purpose)
    {
        var words = new SplitMix64(seed);
        return new Xoshiro256(purpose.Aggregate(words.Next(), (hash, c) => new SplitMix64(hash ^ c).Next()));
    }
}
