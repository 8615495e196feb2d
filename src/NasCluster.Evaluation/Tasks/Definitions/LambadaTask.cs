using System.Collections.Immutable;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>LAMBADA in OpenAI's version (Paperno et al. 2016, arXiv 1606.06031): the last word of a passage.</summary>
internal sealed class LambadaTask : TaskDefinition
{
    public override string Name => "lambada_openai";

    public override ImmutableArray<string> Metrics => [TaskMetrics.Accuracy, TaskMetrics.Perplexity];

    public override TaskSplit Evaluated => TaskSplit.Test;

    /// <summary>There is only a test part, so examples are of it, too.</summary>
    public override TaskSplit? ExampleSplit => TaskSplit.Test;

    public override string Layout => "one JSON object a line with text, or with context and continuation";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        var file = File.Exists(path) ? path : new TaskDirectory(path, "lambada", "lambada_openai").Find(Part(split), "lambada_test.jsonl", "lambada_openai.jsonl", "lambada_test_en.jsonl");
        return Parse(new(TextFile.Read(file), file));
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file) => JsonLines.Read(file, (row, place, _) =>
    {
        var text = row.Has("text") ? place.Text(row, "", "text") : $"{place.Text(row, "", "context")} {place.Text(row, "", "continuation")}";

        // Whatever follows the last blank is the word, even if it is nothing, or a line end hides another word in it.
        var blank = text.LastIndexOf(' ');
        var (context, word) = blank < 0 ? ("", text) : (text[..blank], text[(blank + 1)..]);
        return word.Length == 0
            ? throw place.Failure("the text ends with a blank; its last word is what is scored.")
            : new TaskDocument(place.Place, [new(context, " " + word)], OneContinuation.Instance)
            {
                // The harness puts its delimiter before the continuation's own blank.
                Example = $"{context}  {word}",
            };
    });
}
