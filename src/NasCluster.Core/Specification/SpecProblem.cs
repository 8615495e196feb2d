namespace NasCluster.Core.Specification;

/// <summary>A broken rule in a specification.</summary>
/// <param name="Line">Line of the file, from 1; null when the value was not read from a file.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Key">Path of the key, such as <c>algorithm.mutation.per_gene</c> or <c>space.depth[1]</c>; empty for the whole file.</param>
/// <param name="Message">One line: what was found and the rule, such as <c>algorithm.mutation.per_gene is 1.4; it must be in [0, 1].</c></param>
public sealed record SpecProblem(int? Line, int? Column, string Key, string Message)
{
    private const int LongestMessage = 1000;

    /// <summary>One line: what was found and the rule. Names quoted from a file cannot break the line or make it endless.</summary>
    public string Message { get; init; } = OneLine(Message);

    /// <summary>A problem whose place is not known (yet).</summary>
    public SpecProblem(string key, string message)
        : this(null, null, key, message)
    {
    }

    /// <summary>The message with its place, as compilers write it.</summary>
    public override string ToString() => Line is null ? Message : $"line {Line}, column {Column}: {Message}";

    private static string OneLine(string message)
    {
        var cut = message.Length > LongestMessage ? string.Concat(message.AsSpan(0, LongestMessage), "...") : message;
        return cut.Any(char.IsControl) ? new string([.. cut.Select(c => char.IsControl(c) ? ' ' : c)]) : cut;
    }
}
