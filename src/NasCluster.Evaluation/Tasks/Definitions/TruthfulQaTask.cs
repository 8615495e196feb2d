using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>TruthfulQA with given answers (Lin et al. 2021, arXiv 2109.07958): mc1 has one right answer, mc2 several true ones.</summary>
/// <remarks>
/// Before each question stand six others with their answers, always the same, which its authors publish as the preset <c>qa</c>. They are a
/// file of the data here, <c>primer.txt</c>, without a line end at its end; one that differs from what the harness has is warned about.
/// </remarks>
/// <param name="name">The harness's name.</param>
/// <param name="targets">The member of a row that has the answers.</param>
/// <param name="hasManyTrue">Whether several answers may be true.</param>
internal sealed class TruthfulQaTask(string name, string targets, bool hasManyTrue) : TaskDefinition
{
    private const string PrimerHash = "5c0da5f346e8652c9a85061a6e3aca6bc82e10a8a7dad4596fe980a9c9bae543";
    private const int MostChoices = 1024;

    public override string Name => name;

    public override TaskSplit? ExampleSplit => null;

    /// <summary>The first answer is the right one throughout mc1.</summary>
    public override bool HasFixedGold => true;

    public override string Layout => "a JSON array of objects with question, mc1_targets and mc2_targets: answers to 1 or 0, or lists of choices and labels";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        var file = File.Exists(path) ? path : new TaskDirectory(path, "truthfulqa").Find(Part(split), "mc_task.json");
        var primer = new TaskDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!).Read($"The six questions and answers before each question of {name}", "primer.txt");
        if (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(primer.Text))) != PrimerHash)
        {
            warnings.Add($"{primer.Source} is not the harness's primer, whose SHA-256 is {PrimerHash}; the figures are not comparable with its own.");
        }

        return Parse(new(TextFile.Read(file), file), primer.Text);
    }

    internal ImmutableArray<TaskDocument> Parse(NamedText file, string primer)
    {
        try
        {
            using var document = JsonDocument.Parse(file.Text, JsonRow.Strict);
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() > 0
                ? [.. document.RootElement.EnumerateArray().Select((row, i) => Document(row, JsonRow.InArray(file.Source, i + 1), primer))]
                : throw new NasClusterException($"{file.Source} must be a JSON array with at least one question.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new JsonRow(file.Source).NotJson(e);
        }
    }

    private TaskDocument Document(JsonElement row, JsonRow place, string primer)
    {
        var prompt = $"{primer}\n\nQ: {place.Text(row, "", "question")}\nA:";
        var answers = Answers(place.Property(row, "", targets, JsonValueKind.Object), place);
        if (hasManyTrue)
        {
            return answers.Any(a => a.IsTrue)
                ? new(place.Place, [.. answers.Select(a => new TaskPassage(prompt, " " + a.Text))], new TrueChoices([.. answers.Select(a => a.IsTrue)]))
                : throw place.Failure($"{targets} has no true answer.");
        }

        return answers[0].IsTrue && answers.Count(a => a.IsTrue) == 1
            ? TaskDocument.OfChoices(place.Place, prompt, [.. answers.Select(a => a.Text)], 0)
            : throw place.Failure($"{targets}: the first answer, and no other, must be the right one.");
    }

    private ImmutableArray<(string Text, bool IsTrue)> Answers(JsonElement found, JsonRow place)
    {
        var answers = ImmutableArray.CreateBuilder<(string, bool)>();
        if (found.TryGetProperty("choices", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            var texts = place.Texts(found, targets + ".", "choices", 1);
            var labels = place.Property(found, targets + ".", "labels", JsonValueKind.Array);
            if (labels.GetArrayLength() != texts.Length)
            {
                throw place.Failure($"{targets} has {texts.Length} choices and {labels.GetArrayLength()} labels; there must be as many.");
            }

            answers.AddRange(texts.Zip(labels.EnumerateArray(), (text, label) => (text, IsTrue(label, text, place))));
        }
        else
        {
            foreach (var answer in found.EnumerateObject())
            {
                answers.Add((string.IsNullOrWhiteSpace(answer.Name) ? throw place.Failure($"{targets} has an empty answer.") : answer.Name, IsTrue(answer.Value, answer.Name, place)));
            }
        }

        return answers.Count is >= 2 and <= MostChoices ? answers.ToImmutable() : throw place.Failure($"{targets} has {answers.Count} answers; it must have 2 to {MostChoices}.");
    }

    private bool IsTrue(JsonElement label, string answer, JsonRow place) => label.ValueKind == JsonValueKind.Number && label.TryGetInt32(out var number) && number is 0 or 1
        ? number == 1
        : throw place.Failure($"{targets}: the label of '{answer}' must be 0 or 1.");
}
