using System.Collections.Immutable;
using System.Text;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>WikiText-2 (Merity et al. 2016, arXiv 1609.07843), article by article.</summary>
/// <remarks>What is scored is running text again (<see cref="WikitextDetokenizer"/>); words and bytes are counted before that.</remarks>
internal sealed class WikitextTask : TaskDefinition
{
    public override string Name => "wikitext";

    public override ImmutableArray<string> Metrics =>
        [TaskMetrics.WordPerplexity, TaskMetrics.BytePerplexity, TaskMetrics.BitsPerByte, TaskMetrics.TokenPerplexity];

    public override TaskSplit Evaluated => TaskSplit.Test;

    public override TaskSplit? ExampleSplit => null;

    public override string Layout => "the raw text, with a heading = Title = before each article";

    public override ImmutableArray<TaskDocument> Read(string path, TaskSplit split, ICollection<string> warnings)
    {
        var file = File.Exists(path) ? path : new TaskDirectory(path, "wikitext2", "wikitext-2-raw", "wikitext").Find(Part(split), "wiki.test.raw");
        return Parse(new(TextFile.Read(file), file));
    }

    internal static ImmutableArray<TaskDocument> Parse(NamedText file) =>
    [
        .. Pages(file.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')).Select((page, i) => new TaskDocument(
            $"{file.Source}, article {i + 1}",
            [new("", WikitextDetokenizer.Run(page))],
            new WholeText(PythonText.CountWords(page), Encoding.UTF8.GetByteCount(page)))),
    ];

    // What stands before the first heading belongs to the first article, if it is more than white space.
    private static List<string> Pages(string text)
    {
        var pages = new List<string>();
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            if (IsTitle(line))
            {
                var page = string.Join('\n', lines);
                if (PythonText.Trim(page).Length > 0)
                {
                    pages.Add(page);
                }

                lines.Clear();
            }

            lines.Add(line);
        }

        pages.Add(string.Join('\n', lines));
        return pages;
    }

    // Sections within an article have two or more signs on either side.
    private static bool IsTitle(string line)
    {
        var joined = PythonText.Trim(line.Replace("= = =", "===", StringComparison.Ordinal).Replace("= =", "==", StringComparison.Ordinal));
        return joined.StartsWith("= ", StringComparison.Ordinal) && joined.EndsWith(" =", StringComparison.Ordinal);
    }
}
