using YamlDotNet.Core;

namespace NasCluster.Specification;

/// <summary>A value of a YAML document and where it starts.</summary>
internal abstract record Node(int Line, int Column)
{
    /// <summary>What it is, for messages: <c>a list</c>, <c>the number 3</c>.</summary>
    internal abstract string Describe();
}

/// <summary>A list.</summary>
internal sealed record SequenceNode(int Line, int Column, IReadOnlyList<Node> Items) : Node(Line, Column)
{
    internal override string Describe() => "a list";
}

/// <summary>A mapping, in the order written, duplicates included.</summary>
internal sealed record MappingNode(int Line, int Column, IReadOnlyList<(ScalarNode Key, Node Value)> Entries) : Node(Line, Column)
{
    internal override string Describe() => "a mapping";
}

/// <summary>A scalar; only a plain (unquoted) one can be anything but text.</summary>
internal sealed record ScalarNode(int Line, int Column, string Value, bool IsPlain) : Node(Line, Column)
{
    private const int LongestShown = 40;

    /// <summary>Whether it stands for nothing, as in YAML 1.2's core schema.</summary>
    internal bool IsNull => IsPlain && (Value is "" or "~" or "null" or "Null" or "NULL");

    /// <summary>Whether it is text: quoted, or plain and nothing else.</summary>
    internal bool IsText => !IsPlain || !(IsNull || IsBoolean || Numbers.Looks(Value));

    private bool IsBoolean => Value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE";

    internal override string Describe()
    {
        // A message is one line whatever the file holds.
        var shown = new string([.. Value.Take(LongestShown).Select(c => char.IsControl(c) ? ' ' : c)]) + (Value.Length > LongestShown ? "..." : "");
        return IsNull ? "empty" : IsText ? $"'{shown}'" : shown;
    }

    internal static ScalarNode From(YamlDotNet.Core.Events.Scalar scalar) =>
        new((int)scalar.Start.Line, (int)scalar.Start.Column, scalar.Value, scalar.Style is ScalarStyle.Plain or ScalarStyle.ForcePlain);
}
