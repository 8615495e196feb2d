using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks;

/// <summary>Reads questions in ARC's layout: one JSON object a line with <c>question.stem</c>, <c>question.choices[{text, label}]</c> and <c>answerKey</c>.</summary>
/// <remarks>
/// Rows as Hugging Face's library writes them are read, too: <c>question</c> (or <c>question_stem</c>) is the text, <c>choices</c> has the lists <c>text</c> and <c>label</c>.
/// </remarks>
public static class ArcFile
{
    private const int MostChoices = 64;

    /// <summary>Reads a file. Other properties are ignored, and so are empty lines.</summary>
    /// <exception cref="NasClusterException">It cannot be read, has no question, or a row breaks a rule; the message names the line.</exception>
    public static ImmutableArray<ChoiceQuestion> Read(string path) => Parse(TextFile.Read(path), path);

    /// <summary>Reads questions from text.</summary>
    /// <param name="text">The rows.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="NasClusterException">As <see cref="Read"/>.</exception>
    public static ImmutableArray<ChoiceQuestion> Parse(string text, string source)
    {
        var questions = ImmutableArray.CreateBuilder<ChoiceQuestion>();
        var line = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            // Only a line feed ends a row: JSON strings may hold Unicode's other line ends as they are.
            line++;
            var row = text[range];
            if (!string.IsNullOrWhiteSpace(row))
            {
                questions.Add(ParseRow(row, line, JsonRow.AtLine(source, line)));
            }
        }

        return questions.Count == 0 ? throw new NasClusterException($"{source} has no questions.") : questions.ToImmutable();
    }

    private static ChoiceQuestion ParseRow(string row, int line, JsonRow place)
    {
        try
        {
            using var document = JsonDocument.Parse(row, JsonRow.Strict);
            var (stem, texts, labels) = document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("choices", out var lists) && lists.ValueKind == JsonValueKind.Object
                ? Listed(document.RootElement, lists, place)
                : Nested(document.RootElement, place);
            var key = place.Text(document.RootElement, "", "answerKey");
            var answer = labels.IndexOf(key);
            return answer < 0
                ? throw place.Failure($"answerKey is '{key}'; it must be one of the labels {string.Join(", ", labels)}.")
                : new ChoiceQuestion(line, stem, texts, answer);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A string with half a surrogate pair passes the parser and fails when it is read.
            throw place.NotJson(e);
        }
    }

    private static (string Stem, ImmutableArray<string> Texts, ImmutableArray<string> Labels) Nested(JsonElement row, JsonRow place)
    {
        var question = place.Property(row, "", "question", JsonValueKind.Object);
        var stem = place.Text(question, "question.", "stem");
        var choices = place.Property(question, "question.", "choices", JsonValueKind.Array);
        CheckCount(choices, "question.choices", place);
        var (texts, labels) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        foreach (var choice in choices.EnumerateArray())
        {
            var path = $"question.choices[{labels.Count}]";
            if (choice.ValueKind != JsonValueKind.Object)
            {
                throw place.Failure($"{path} must be an object with text and label.");
            }

            texts.Add(place.Text(choice, path + ".", "text"));
            var label = place.Text(choice, path + ".", "label");
            labels.Add(labels.Contains(label) ? throw place.Failure($"{path}.label is '{label}' again; labels must differ.") : label);
        }

        return (stem, texts.ToImmutable(), labels.ToImmutable());
    }

    private static (string Stem, ImmutableArray<string> Texts, ImmutableArray<string> Labels) Listed(JsonElement row, JsonElement choices, JsonRow place)
    {
        var stem = place.Text(row, "", row.Has("question_stem") ? "question_stem" : "question");
        CheckCount(place.Property(choices, "choices.", "text", JsonValueKind.Array), "choices.text", place);
        var (texts, labels) = (place.Texts(choices, "choices.", "text", 1), place.Texts(choices, "choices.", "label", 1));
        return labels.Distinct(StringComparer.Ordinal).Count() < labels.Length
            ? throw place.Failure($"choices.label is {string.Join(", ", labels)}; labels must differ.")
            : texts.Length == labels.Length ? (stem, texts, labels) : throw place.Failure($"choices has {texts.Length} texts and {labels.Length} labels; there must be as many.");
    }

    private static void CheckCount(JsonElement choices, string path, JsonRow place)
    {
        if (choices.GetArrayLength() is < 2 or > MostChoices)
        {
            throw place.Failure($"{path} has {choices.GetArrayLength()} choices; it must have 2 to {MostChoices}.");
        }
    }
}
