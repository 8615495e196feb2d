using System.Collections.Immutable;
using System.Text;
using NasCluster.Core;

namespace NasCluster.Evaluation.Tasks.Files;

/// <summary>Rows of comma-separated values by RFC 4180: fields in quotes may hold commas, line ends and, doubled, quotes.</summary>
internal static class CommaRows
{
    /// <summary>A row and the line it begins in, from 1.</summary>
    internal readonly record struct Row(int Line, ImmutableArray<string> Fields);

    /// <summary>Reads every row; empty lines are left out. White space belongs to the field, and a line feed is all that a line end in one is.</summary>
    /// <exception cref="NasClusterException">A quote is left open or followed by something else than a comma or the line's end.</exception>
    internal static ImmutableArray<Row> Parse(NamedText file)
    {
        var rows = ImmutableArray.CreateBuilder<Row>();
        var fields = ImmutableArray.CreateBuilder<string>();
        var text = file.Text;
        var (line, first) = (1, 1);
        for (var at = 0; at < text.Length;)
        {
            fields.Add(Field(file, ref at, ref line));
            if (at < text.Length && text[at] == ',')
            {
                at++;
                if (at < text.Length)
                {
                    continue;
                }

                fields.Add("");
            }

            at += at < text.Length && text[at] == '\r' ? 1 : 0;
            at += at < text.Length && text[at] == '\n' ? 1 : 0;
            if (fields.Count > 1 || fields[0].Length > 0)
            {
                rows.Add(new(first, fields.ToImmutable()));
            }

            fields.Clear();
            first = ++line;
        }

        return rows.ToImmutable();
    }

    private static string Field(NamedText file, ref int at, ref int line)
    {
        var text = file.Text;
        if (at == text.Length || text[at] != '"')
        {
            var end = text.AsSpan(at).IndexOfAny(",\r\n");
            var plain = end < 0 ? text[at..] : text[at..(at + end)];
            at += plain.Length;
            return plain;
        }

        var opened = line;
        var field = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at++;
                if (at == text.Length || text[at] is ',' or '\r' or '\n')
                {
                    return field.ToString();
                }

                if (text[at] != '"')
                {
                    throw new NasClusterException($"{file.Source}({line}): after a closing quote must come a comma or the end of the line.");
                }
            }

            // Python opens such files as text, where a carriage return before a line feed goes; prompts are to be the same.
            if (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n')
            {
                continue;
            }

            line += text[at] == '\n' ? 1 : 0;
            field.Append(text[at]);
        }

        throw new NasClusterException($"{file.Source}({opened}): a quote is opened and never closed.");
    }
}
