using System.Collections.Immutable;

namespace NasCluster.Core.Specification;

/// <summary>What sub-networks are scored on, and what is kept apart to report on.</summary>
public sealed record DataSpec
{
    /// <summary>A UTF-8 text for perplexity; null when no objective needs one.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// Leading share of the text that is for calibration: importance, policy gradient and repair see it, the search and the report do not.
    /// </summary>
    public double CalibrationShare { get; init; }

    /// <summary>
    /// Leading share of the text after the calibration part (and of each task's questions) that the search may see; the rest is the report set.
    /// 1 leaves nothing to report on.
    /// </summary>
    public double SearchShare { get; init; } = 0.5;

    /// <summary>At most this many tokens of the search part are scored; null for all.</summary>
    public int? SearchTokens { get; init; } = 8192;

    /// <summary>At most this many tokens of the report part are scored; null for all.</summary>
    public int? ReportTokens { get; init; } = 8192;

    /// <summary>Longest sequence in tokens, the beginning mark included; null for the smaller of 512 and the model's maximum.</summary>
    public int? Window { get; init; }

    /// <summary>How many tokens a window lies after the one before it, at most the window; null for the window.</summary>
    public int? Stride { get; init; }

    /// <summary>What stands between two documents in the file; null when the file is one document.</summary>
    public string? Separator { get; init; }

    /// <summary>Whether windows run on from one document into the next.</summary>
    public DocumentRule Documents { get; init; } = DocumentRule.Joined;

    /// <summary>What is put between two documents instead of the separator, where they are joined.</summary>
    public string Join { get; init; } = "\n\n";

    /// <summary>What is before the first token of a window.</summary>
    public FirstTokenRule FirstToken { get; init; } = FirstTokenRule.Bos;

    /// <summary>Multiple-choice tasks, in the order written.</summary>
    public ImmutableArray<TaskSpec> Tasks { get; init; } = [];

    /// <summary>At most this many questions of each task's search part are asked; null for all.</summary>
    public int? SearchQuestions { get; init; }

    /// <summary>At most this many questions of each task's report part are asked; null for all.</summary>
    public int? ReportQuestions { get; init; }

    /// <inheritdoc/>
    public bool Equals(DataSpec? other) =>
        other is not null && Text == other.Text && CalibrationShare.Equals(other.CalibrationShare) && SearchShare.Equals(other.SearchShare) && SearchTokens == other.SearchTokens
        && ReportTokens == other.ReportTokens && Window == other.Window && Stride == other.Stride && Separator == other.Separator
        && Documents == other.Documents && Join == other.Join && FirstToken == other.FirstToken && Tasks.AsSpan().SequenceEqual(other.Tasks.AsSpan())
        && SearchQuestions == other.SearchQuestions && ReportQuestions == other.ReportQuestions;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text, SearchShare, SearchTokens, ReportTokens, Window, Stride, Separator, FirstToken);
}
