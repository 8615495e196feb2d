using NasCluster.Core.Specification;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NasCluster.Specification;

/// <summary>Turns YAML (and so JSON) into nodes, within <see cref="SpecLimits"/> and without anchors, aliases or tags.</summary>
internal sealed class NodeReader
{
    private readonly IParser _parser;
    private int _nodes;

    private NodeReader(IParser parser) => _parser = parser;

    /// <summary>Reads one document.</summary>
    /// <returns>Its root, null when there is nothing in it.</returns>
    /// <exception cref="SpecificationException">It is not YAML or breaks a limit; nothing after that can be understood, so this is the one problem.</exception>
    internal static Node? Read(string text)
    {
        if (text.Length > SpecLimits.Length)
        {
            throw Failure(null, $"the file has {text.Length} characters; it may have at most {SpecLimits.Length}.");
        }

        var parser = new Parser(new StringReader(text));
        try
        {
            return new NodeReader(parser).ReadDocument();
        }
        catch (YamlException e)
        {
            throw Failure(e.Start, $"this is not YAML: {OneLine(e.InnerException is YamlException inner ? inner.Message : e.Message)}");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IndexOutOfRangeException or OverflowException or FormatException)
        {
            // YamlDotNet's scanner lets these escape, with messages about itself, after a line without a colon and after some directives.
            throw Failure(parser.Current?.End, "this is not YAML from here on; a colon after a key may be missing, or a line wrongly indented.");
        }
    }

    private Node? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            throw Failure(_parser.Current!.Start, "a second document starts here; the file must hold one.");
        }

        return root is ScalarNode { IsNull: true } ? null : root;
    }

    private Node ReadNode(int depth)
    {
        // The parser stands on the event that is next to be read.
        var current = _parser.Current ?? throw Failure(null, "the file ends too early.");
        if (++_nodes > SpecLimits.Nodes)
        {
            throw Failure(current.Start, $"there are more than {SpecLimits.Nodes} values.");
        }

        if (depth > SpecLimits.Depth)
        {
            throw Failure(current.Start, $"values are nested more than {SpecLimits.Depth} deep.");
        }

        if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false })
        {
            throw Failure(current.Start, "anchors (&) and aliases (*) are not allowed; write the value out.");
        }

        if (current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw Failure(current.Start, "tags (!) are not allowed.");
        }

        _parser.MoveNext();
        return current switch
        {
            Scalar scalar => ScalarNode.From(scalar),
            SequenceStart start => ReadSequence(start, depth),
            MappingStart start => ReadMapping(start, depth),
            _ => throw Failure(current.Start, "a value was expected here."),
        };
    }

    private SequenceNode ReadSequence(SequenceStart start, int depth)
    {
        var items = new List<Node>();
        while (!_parser.Accept<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        _parser.MoveNext();
        return new SequenceNode((int)start.Start.Line, (int)start.Start.Column, items);
    }

    private MappingNode ReadMapping(MappingStart start, int depth)
    {
        var entries = new List<(ScalarNode, Node)>();
        while (!_parser.Accept<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            if (key is not ScalarNode scalar)
            {
                throw Failure(new Mark(0, key.Line, key.Column), $"a key is {key.Describe()}; it must be a word.");
            }

            entries.Add((scalar, ReadNode(depth + 1)));
        }

        _parser.MoveNext();
        return new MappingNode((int)start.Start.Line, (int)start.Start.Column, entries);
    }

    private static SpecificationException Failure(Mark? start, string message) =>
        new(null, [start is { Line: > 0 } mark ? new((int)mark.Line, (int)mark.Column, "", message) : new("", message)]);

    private static string OneLine(string message)
    {
        // YamlDotNet puts "(Line: 1, Col: 2, Idx: 3) - " before some messages; the place is said already.
        var end = message.StartsWith('(') ? message.IndexOf(": ", message.IndexOf(')') is var close and >= 0 ? close : 0, StringComparison.Ordinal) : -1;
        var text = end > 0 ? message[(end + 2)..] : message;
        return new string([.. text.Take(200).Select(c => char.IsControl(c) ? ' ' : c)]).TrimEnd('.') + ".";
    }
}
