using System.Collections.Immutable;
using System.Text;
using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>A text as it stands in its file, scored from end to end: the Penn Treebank, or any other.</summary>
/// <remarks>Where the mark <c>&lt;|endoftext|&gt;</c> stands in it, it is parted into documents there, which lose the white space around them.</remarks>
/// <param name="name">The task's name.</param>
/// <param name="files">What the file is called; none where it must be named itself.</param>
internal sealed class PlainTextTask(string name, params string[] files) : TaskDefinition
{
    private const string EndOfDocument = "<|endoftext|>";

    public override string Name => name;

    public override ImmutableArray<string> Metrics =>
        [TaskMetrics.WordPerplexity, TaskMetrics.BytePerplexity, TaskMetrics.BitsPerByte, TaskMetrics.TokenPerplexity];

    public override TaskSplit Evaluated => TaskSplit.Test;

    public override TaskSplit? ExampleSplit => null;

    public override string Layout => "a text in UTF-8";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        if (!File.Exists(path) && files.Length == 0)
        {
            throw new NasClusterException($"{path} is no file; {name} takes the text's own path.");
        }

        var file = File.Exists(path) ? path : new TaskDirectory(path, name).Find(Part(split), files);
        return Parse(new(TextFile.Read(file), file));
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file)
    {
        var texts = TextParts.Documents(file.Text, file.Text.Contains(EndOfDocument, StringComparison.Ordinal) ? EndOfDocument : null, file.Source);
        return
        [
            .. texts.Select((text, i) => new TaskDocument(
                texts.Length == 1 ? file.Source : $"{file.Source}, document {i + 1}",
                [new("", text)],
                new WholeText(PythonText.CountWords(text), Encoding.UTF8.GetByteCount(text)))),
        ];
    }
}
