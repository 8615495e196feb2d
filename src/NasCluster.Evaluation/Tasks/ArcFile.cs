using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks;

/// <summary>Reads questions in ARC's layout: one JSON object a line with <c>question.stem</c>, <c>question.choices[{text, label}]</c> and <c>answerKey</c>.</summary>
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
            var question = place.Property(document.RootElement, "", "question", JsonValueKind.Object);
            var stem = place.Text(question, "question.", "stem");
            var choices = place.Property(question, "question.", "choices", JsonValueKind.Array);
            var key = place.Text(document.RootElement, "", "answerKey");
            if (choices.GetArrayLength() is < 2 or > MostChoices)
            {
                throw place.Failure($"question.choices has {choices.GetArrayLength()} choices; it must have 2 to {MostChoices}.");
            }

            var texts = ImmutableArray.CreateBuilder<string>();
            var labels = new List<string>();
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

            var answer = labels.IndexOf(key);
            return answer < 0
                ? throw place.Failure($"answerKey is '{key}'; it must be one of the labels {string.Join(", ", labels)}.")
                : new ChoiceQuestion(line, stem, texts.ToImmutable(), answer);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A string with half a surrogate pair passes the parser and fails when it is read.
            throw place.NotJson(e);
        }
    }
}
