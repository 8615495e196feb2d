using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tasks.Files;

/// <summary>Right answers in a file of their own: a whole number a line, in the order of the questions.</summary>
internal static class LabelFile
{
    /// <summary>The labels that belong to a file of rows: <c>dev-labels.lst</c> beside <c>dev.jsonl</c>; null where there are none.</summary>
    /// <param name="file">The file of rows.</param>
    /// <param name="isNamed">
    /// Whether somebody named that very file. Then it may be any choice of rows, and only labels of exactly its own name are sure to be its
    /// own; otherwise those of the published file are taken, also for <c>dev.derived.jsonl</c>.
    /// </param>
    /// <exception cref="NasClusterException">The labels cannot be read.</exception>
    internal static NamedText? Beside(string file, bool isNamed)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var own = Path.Combine(folder, Path.GetFileNameWithoutExtension(file) + "-labels.lst");
        var labels = File.Exists(own) ? own : isNamed ? null : new TaskDirectory(folder).TryFind($"{Path.GetFileName(file).Split('.')[0]}-labels.lst");
        return labels is null ? null : new(TextFile.Read(labels), labels);
    }

    /// <summary>Reads them; empty lines at the end are left out.</summary>
    /// <exception cref="NasClusterException">A line is no number within the bounds.</exception>
    internal static ImmutableArray<int> Parse(NamedText file, int least, int most)
    {
        var lines = file.Text.TrimEnd().Split('\n');
        return
        [
            .. lines.Select((line, i) => int.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var label) && label >= least && label <= most
                ? label
                : throw new NasClusterException($"{file.Source}({i + 1}): a label must be a whole number from {least} to {most}.")),
        ];
    }

    /// <summary>A row's label, from the row, from the labels, or from both where they agree.</summary>
    /// <param name="inRow">The row's own; null where it has none.</param>
    /// <param name="labels">The file's labels; default where there is no file.</param>
    /// <param name="index">Which row, from 0.</param>
    /// <param name="place">Where the row stands.</param>
    /// <exception cref="NasClusterException">There is no label, or there are two that differ.</exception>
    internal static int LabelOf(int? inRow, ImmutableArray<int> labels, int index, JsonRow place)
    {
        int? inFile = labels.IsDefault ? null : index < labels.Length ? labels[index] : throw place.Failure($"the file of labels has only {labels.Length} lines.");
        return (inRow, inFile) switch
        {
            (null, null) => throw place.Failure("the row has no label, and there is no file of labels beside it."),
            ({ } own, { } other) when own != other => throw place.Failure($"the row says {own} is right, the file of labels says {other}."),
            _ => inRow ?? inFile!.Value,
        };
    }
}
