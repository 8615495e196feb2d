using System.Collections.Immutable;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Storage;

/// <summary>What stands where in an evaluation set file: a text and tasks in ARC's layout, and from schema 2 on the tasks of the evaluation harness.</summary>
internal static class SetLayout
{
    // What a file says of its windows is one number, so that files from before documents could be kept apart mean what they meant.
    private const int SkipsFirst = 1;
    private const int KeepsApart = 2;

    // A length, two tokens, the first scored place and the flag.
    private const int LeastRequestBytes = 5;

    // Line, answer, and the number of choices with one length at least.
    private const int LeastQuestionBytes = 4;

    // A name of no letters, what was truncated, one question and one request.
    private const int LeastTaskBytes = 4 + LeastQuestionBytes + LeastRequestBytes;

    // Names stand in messages.
    private const int LongestName = 256;

    internal static void Write(SetWriter writer, EvaluationSets sets)
    {
        writer.Write(sets.Text is not null);
        if (sets.Text is { } text)
        {
            Write(writer, text.Protocol);
            writer.Write(text.TokenizerFingerprint);
            Write(writer, text.Requests);
        }

        writer.Write(sets.Tasks.Length);
        foreach (var task in sets.Tasks)
        {
            Write(writer, task);
        }

        if (SchemaOf(sets) > 1)
        {
            HarnessLayout.Write(writer, sets.HarnessTasks);
        }
    }

    /// <summary>The oldest schema that can hold some sets: what older versions can read, and contents named by their hash, stay as they were.</summary>
    internal static int SchemaOf(EvaluationSets sets) => sets.HarnessTasks.IsEmpty ? 1 : 2;

    internal static EvaluationSets Read(SetReader reader, int schema)
    {
        var text = reader.ReadBoolean() ? ReadTextSet(reader) : null;
        var tasks = ImmutableArray.CreateBuilder<ChoiceSet>();
        for (var left = reader.ReadCount(LeastTaskBytes); left > 0; left--)
        {
            tasks.Add(ReadTask(reader));
        }

        return new EvaluationSets(text, tasks.ToImmutable()) { HarnessTasks = schema == 1 ? [] : HarnessLayout.Read(reader) };
    }

    private static void Write(SetWriter writer, WindowProtocol protocol)
    {
        writer.Write(protocol.Window);
        writer.Write(protocol.Stride);
        writer.Write(RulesOf(protocol));
        writer.Write(protocol.Separator is not null);
        if (protocol.Separator is { } separator)
        {
            writer.Write(separator);
        }

        writer.Write(protocol.Join);
        writer.Write(protocol.MaximumScored is not null);
        if (protocol.MaximumScored is { } most)
        {
            writer.Write(most);
        }
    }

    private static int RulesOf(WindowProtocol protocol)
    {
        var first = protocol.FirstToken switch
        {
            FirstTokenRule.Bos => 0,
            FirstTokenRule.Skip => SkipsFirst,
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol.FirstToken, "Unknown rule."),
        };
        return protocol.Documents switch
        {
            DocumentRule.Joined => first,
            DocumentRule.Apart => first | KeepsApart,
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol.Documents, "Unknown rule."),
        };
    }

    private static WindowProtocol ReadProtocol(SetReader reader)
    {
        var (window, stride, rules) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        if (rules is < 0 or > (SkipsFirst | KeepsApart))
        {
            throw new InvalidDataException($"{rules} is no rule for a window's first token and its documents");
        }

        return new WindowProtocol(
            window,
            stride,
            (rules & SkipsFirst) == 0 ? FirstTokenRule.Bos : FirstTokenRule.Skip,
            reader.ReadBoolean() ? reader.ReadText() : null,
            reader.ReadText(),
            reader.ReadBoolean() ? reader.ReadInt32() : null,
            (rules & KeepsApart) == 0 ? DocumentRule.Joined : DocumentRule.Apart);
    }

    private static TextSet ReadTextSet(SetReader reader)
    {
        var protocol = ReadProtocol(reader);
        var tokenizer = reader.ReadText();
        var requests = ReadRequests(reader);

        // The spread of a text's likelihoods comes from those of its tokens.
        return requests.Length > 0 && requests.All(r => r.PerToken)
            ? TextSet.Restore(protocol, requests, tokenizer)
            : throw new InvalidDataException("the text has no windows, or one that does not ask for every token");
    }

    private static void Write(SetWriter writer, ChoiceSet task)
    {
        writer.Write(task.Name);
        writer.Write(task.TruncatedCount);
        writer.Write(task.Questions.Length);
        foreach (var question in task.Questions)
        {
            writer.Write(question.Line);
            writer.Write(question.Answer);
            writer.Write(question.ByteCounts.Length);
            foreach (var count in question.ByteCounts)
            {
                writer.Write(count);
            }
        }

        Write(writer, task.Requests);
    }

    internal static string ReadName(SetReader reader)
    {
        var name = reader.ReadText();
        return name.Length is 0 or > LongestName || name.Any(char.IsControl)
            ? throw new InvalidDataException("a task's name is empty, too long or not one line")
            : name;
    }

    private static ChoiceSet ReadTask(SetReader reader)
    {
        var name = ReadName(reader);
        var truncated = reader.ReadInt32();
        var questions = new ChoiceMarking[reader.ReadCount(LeastQuestionBytes)];
        var choices = 0L;
        for (var i = 0; i < questions.Length; i++)
        {
            var (line, answer) = (reader.ReadInt32(), reader.ReadInt32());
            var counts = new int[reader.ReadCount(1)];
            for (var choice = 0; choice < counts.Length; choice++)
            {
                counts[choice] = reader.ReadInt32();
            }

            questions[i] = answer < counts.Length
                ? new ChoiceMarking(line, answer, [.. counts])
                : throw new InvalidDataException($"the right answer of {name}, line {line} is {answer} of {counts.Length} choices, counted from 0");
            choices += counts.Length;
        }

        var requests = ReadRequests(reader);
        return questions.Length > 0 && truncated <= questions.Length && choices == requests.Length
            ? ChoiceSet.Restore(name, [.. questions], requests, truncated)
            : throw new InvalidDataException($"{name} has {questions.Length} questions, {truncated} of them truncated, and {choices} choices, but {requests.Length} sequences");
    }

    internal static void Write(SetWriter writer, ImmutableArray<ScoringRequest> requests)
    {
        writer.Write(requests.Length);
        foreach (var request in requests)
        {
            writer.Write(request.TokenIds.Length);
            foreach (var id in request.TokenIds)
            {
                writer.Write(id);
            }

            writer.Write(request.FirstScored);
            writer.Write(request.PerToken);
        }
    }

    internal static ImmutableArray<ScoringRequest> ReadRequests(SetReader reader)
    {
        var requests = ImmutableArray.CreateBuilder<ScoringRequest>(reader.ReadCount(LeastRequestBytes));
        for (var left = requests.Capacity; left > 0; left--)
        {
            var ids = ImmutableArray.CreateBuilder<int>(reader.ReadCount(1));
            for (var token = ids.Capacity; token > 0; token--)
            {
                ids.Add(reader.ReadInt32());
            }

            var first = reader.ReadInt32();
            requests.Add(first >= 1 && first < ids.Count
                ? new ScoringRequest(ids.MoveToImmutable(), first, reader.ReadBoolean())
                : throw new InvalidDataException($"token {first} of a sequence of {ids.Count} cannot be the first scored"));
        }

        return requests.MoveToImmutable();
    }
}
