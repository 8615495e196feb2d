using System.Collections.Immutable;

namespace NasCluster.Reporting.Fronts;

/// <summary>How an architecture column is filled.</summary>
internal enum ArchitectureStyle
{
    /// <summary>In words.</summary>
    Words,

    /// <summary>In words, what all have in common said once under the table.</summary>
    WordsThatDiffer,

    /// <summary>Numbers whose meaning the heading tells.</summary>
    Terse,

    /// <summary>As <see cref="Terse"/>, with widths as ranges.</summary>
    Ranges,

    /// <summary>There is no such column.</summary>
    None,
}

/// <summary>What a table of a front gives up to fit its columns.</summary>
/// <param name="SplitHeadings">Whether long headings take two lines.</param>
/// <param name="Architecture">How architectures are written.</param>
/// <param name="ExactCounts">Whether counts are also given in full.</param>
/// <param name="ReportSet">Whether values on the report set have columns.</param>
internal sealed record FrontTableLayout(bool SplitHeadings, ArchitectureStyle Architecture, bool ExactCounts, bool ReportSet)
{
    /// <summary>
    /// From widest to narrowest. First goes what costs no meaning (line breaks in headings, repetition, words), then digits
    /// that JSON and CSV have, then architectures, last the report set's values: those are the ones to quote.
    /// </summary>
    public static ImmutableArray<FrontTableLayout> All { get; } =
    [
        new(false, ArchitectureStyle.Words, true, true),
        new(true, ArchitectureStyle.Words, true, true),
        new(true, ArchitectureStyle.WordsThatDiffer, true, true),
        new(true, ArchitectureStyle.Terse, true, true),
        new(true, ArchitectureStyle.Terse, false, true),
        new(true, ArchitectureStyle.Ranges, false, true),
        new(true, ArchitectureStyle.None, false, true),
        new(true, ArchitectureStyle.None, false, false),
    ];
}
