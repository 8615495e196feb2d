using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Evaluation.Storage;

/// <summary>How tasks of the evaluation harness stand in an evaluation set file.</summary>
internal static class HarnessLayout
{
    private const int ChoiceKind = 0;
    private const int TruthKind = 1;
    private const int ContinuationKind = 2;
    private const int TextKind = 3;

    // Two names of a letter, and a set.
    private const int LeastTaskBytes = 5 + LeastSetBytes;

    // A name, a metric, a document, a request, what was truncated, no warning.
    private const int LeastSetBytes = 4;

    // A place without letters, the number of requests, a kind.
    private const int LeastDocumentBytes = 3;

    internal static void Write(SetWriter writer, ImmutableArray<NamedTask> tasks)
    {
        writer.Write(tasks.Length);
        foreach (var task in tasks)
        {
            writer.Write(task.Name);
            writer.Write(task.Task);
            writer.Write(task.Sets.Length);
            foreach (var set in task.Sets)
            {
                Write(writer, set);
            }
        }
    }

    internal static ImmutableArray<NamedTask> Read(SetReader reader)
    {
        var tasks = ImmutableArray.CreateBuilder<NamedTask>(reader.ReadCount(LeastTaskBytes));
        while (tasks.Count < tasks.Capacity)
        {
            var (name, task) = (SetLayout.ReadName(reader), SetLayout.ReadName(reader));
            var sets = ImmutableArray.CreateBuilder<TaskSet>(reader.ReadCount(LeastSetBytes));
            while (sets.Count < sets.Capacity)
            {
                sets.Add(ReadSet(reader));
            }

            tasks.Add(Checked(name, task, sets.MoveToImmutable()));
        }

        return tasks.MoveToImmutable();
    }

    // Only then is every objective of the task among the metrics of its sets.
    private static NamedTask Checked(string name, string task, ImmutableArray<TaskSet> sets)
    {
        var wanted = HarnessTasks.MetricsOf(task);
        var members = TaskCatalog.TasksOf(task);
        var isWhole = sets.Length == 1 || (sets.Length > 1 && sets.All(s => members.Contains(s.Name)));
        return !wanted.IsEmpty && isWhole && sets.All(s => wanted.All(m => s.Metrics.Contains(m.Metric)))
            ? new NamedTask(name, task, sets)
            : throw new InvalidDataException($"{name} is no task {task} of {sets.Length} sets with its metrics");
    }

    private static void Write(SetWriter writer, TaskSet set)
    {
        writer.Write(set.Name);
        Write(writer, set.Metrics);
        writer.Write(set.TruncatedCount);
        Write(writer, set.Warnings);
        writer.Write(set.Documents.Length);
        foreach (var document in set.Documents)
        {
            writer.Write(document.Place);
            writer.Write(document.RequestCount);
            Write(writer, document.Marking);
        }

        SetLayout.Write(writer, set.Requests);
    }

    private static TaskSet ReadSet(SetReader reader)
    {
        var name = SetLayout.ReadName(reader);
        var metrics = ReadTexts(reader);
        var truncated = reader.ReadInt32();
        var warnings = ReadTexts(reader);
        var documents = ImmutableArray.CreateBuilder<ScoredDocument>(reader.ReadCount(LeastDocumentBytes));
        var next = 0L;
        while (documents.Count < documents.Capacity)
        {
            var (place, count) = (reader.ReadText(), reader.ReadInt32());
            var marking = ReadMarking(reader, count);
            if (metrics.IsEmpty || metrics.Any(m => !TaskMarker.MetricsOf(marking).Contains(m)))
            {
                throw new InvalidDataException($"{name} has a document that cannot be marked by {string.Join(", ", metrics)}");
            }

            documents.Add(new(place, (int)Math.Min(next, int.MaxValue), count, marking));
            next += count;
        }

        var requests = SetLayout.ReadRequests(reader);
        return documents.Count > 0 && truncated <= documents.Count && next == requests.Length
            ? new TaskSet(name, metrics, documents.MoveToImmutable(), requests, truncated, warnings)
            : throw new InvalidDataException($"{name} has {documents.Count} documents, {truncated} of them truncated, of {next} sequences, but {requests.Length} sequences");
    }

    private static void Write(SetWriter writer, TaskMarking marking)
    {
        switch (marking)
        {
            case RightChoice choice:
                writer.Write(ChoiceKind);
                writer.Write(choice.Gold);
                for (var i = 0; i < choice.Characters.Length; i++)
                {
                    writer.Write(choice.Characters[i]);
                    writer.Write(choice.Bytes[i]);
                }

                break;
            case TrueChoices choices:
                writer.Write(TruthKind);
                foreach (var isTrue in choices.IsTrue)
                {
                    writer.Write(isTrue);
                }

                break;
            case OneContinuation:
                writer.Write(ContinuationKind);
                break;
            case WholeText text:
                writer.Write(TextKind);
                writer.Write(text.Words);
                writer.Write(text.Bytes);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(marking), marking, "Unknown marking.");
        }
    }

    private static TaskMarking ReadMarking(SetReader reader, int count)
    {
        var kind = reader.ReadInt32();
        return kind switch
        {
            ChoiceKind => ReadChoice(reader, count),
            TruthKind => ReadTruth(reader, count),
            ContinuationKind when count == 1 => OneContinuation.Instance,
            TextKind when count >= 1 => ReadText(reader),
            _ => throw new InvalidDataException($"{kind} is no kind of a document of {count} sequences"),
        };
    }

    private static RightChoice ReadChoice(SetReader reader, int count)
    {
        var gold = reader.ReadInt32();
        var (characters, bytes) = (new List<int>(), new List<int>());
        for (var i = 0; i < count; i++)
        {
            characters.Add(reader.ReadInt32());
            bytes.Add(reader.ReadInt32());
        }

        return gold < count
            ? new RightChoice(gold, [.. characters], [.. bytes])
            : throw new InvalidDataException($"choice {gold} of {count}, counted from 0, cannot be right");
    }

    private static TrueChoices ReadTruth(SetReader reader, int count)
    {
        var isTrue = new List<bool>();
        for (var i = 0; i < count; i++)
        {
            isTrue.Add(reader.ReadBoolean());
        }

        return isTrue.Contains(true) ? new TrueChoices([.. isTrue]) : throw new InvalidDataException($"none of {count} choices is true");
    }

    private static WholeText ReadText(SetReader reader)
    {
        var (words, bytes) = (reader.ReadInt32(), reader.ReadInt32());
        return words > 0 && bytes > 0 ? new WholeText(words, bytes) : throw new InvalidDataException("a text has no words or no bytes");
    }

    private static void Write(SetWriter writer, ImmutableArray<string> texts)
    {
        writer.Write(texts.Length);
        foreach (var text in texts)
        {
            writer.Write(text);
        }
    }

    private static ImmutableArray<string> ReadTexts(SetReader reader)
    {
        var texts = ImmutableArray.CreateBuilder<string>(reader.ReadCount(1));
        while (texts.Count < texts.Capacity)
        {
            texts.Add(reader.ReadText());
        }

        return texts.MoveToImmutable();
    }
}
