using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NasCluster.Core.Specification;

namespace NasCluster.Specification;

/// <summary>Writes a specification as canonical YAML: every key that has a value, in the table's order, with defaults filled in.</summary>
/// <remarks>Equal specifications give equal text, and reading the text gives an equal specification.</remarks>
public static class SearchSpecWriter
{
    /// <summary>The text, lines ended by a line feed.</summary>
    public static string Write(SearchSpec spec)
    {
        var text = new StringBuilder();
        string[] open = [];
        foreach (var key in SearchSpecKeys.All)
        {
            if (key.Get(spec) is not { } value)
            {
                continue;
            }

            var parts = key.Path.Split('.');
            for (var depth = 0; depth < parts.Length - 1; depth++)
            {
                if (open.Length <= depth || !open.AsSpan(0, depth + 1).SequenceEqual(parts.AsSpan(0, depth + 1)))
                {
                    text.Append(' ', 2 * depth).Append(parts[depth]).Append(":\n");
                }
            }

            open = parts[..^1];
            text.Append(' ', 2 * open.Length).Append(parts[^1]).Append(':');
            Append(text, value, 2 * parts.Length);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, object value, int indent)
    {
        switch (value)
        {
            case ImmutableArray<TaskSpec> tasks:
                text.Append('\n');
                foreach (var task in tasks)
                {
                    text.Append(' ', indent).Append(Quote(task.Name)).Append(": ").Append(Inline(task)).Append('\n');
                }

                break;
            case ImmutableArray<ConstraintSpec> constraints:
                text.Append('\n');
                foreach (var constraint in constraints)
                {
                    var bounds = new[] { ("min", constraint.Minimum), ("max", constraint.Maximum) }
                        .Where(b => b.Item2 is not null).Select(b => $"{b.Item1}: {Number(b.Item2!.Value)}");
                    text.Append(' ', indent).Append(Quote(constraint.Name)).Append(": {").AppendJoin(", ", bounds).Append("}\n");
                }

                break;
            default:
                text.Append(' ').Append(Inline(value)).Append('\n');
                break;
        }
    }

    private static string Inline(object value) => value switch
    {
        string words => Quote(words),
        long integer => integer.ToString(CultureInfo.InvariantCulture),
        double number => Number(number),
        ImmutableArray<long> integers => $"[{string.Join(", ", integers.Select(i => Inline(i)))}]",
        ImmutableArray<double> numbers => $"[{string.Join(", ", numbers.Select(Number))}]",
        TaskSpec { Task: null } task => Quote(task.Path),
        TaskSpec task => $"{{path: {Quote(task.Path)}, task: {Quote(task.Task)}"
            + (task.Shots == 0 ? "" : $", shots: {Inline((long)task.Shots)}") + (task.Limit is { } limit ? $", limit: {Inline((long)limit)}" : "") + "}",
        ImmutableArray<string> texts => $"[{string.Join(", ", texts.Select(Quote))}]",
        _ => throw new ArgumentException($"{value.GetType()} has no YAML form.", nameof(value)),
    };

    // "R" gives the shortest text that reads back as the same bits.
    private static string Number(double value) => double.IsNaN(value) ? ".nan"
        : double.IsInfinity(value) ? (value > 0 ? ".inf" : "-.inf")
        : value == 1 ? "1.0" : value.ToString("R", CultureInfo.InvariantCulture);

    // Words that cannot be taken for anything else stay plain; everything else is quoted as JSON quotes it.
    private static string Quote(string value)
    {
        if (value.Length > 0 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/' or '.')
            && new ScalarNode(0, 0, value, IsPlain: true).IsText && !(value.ToUpperInvariant() is "Y" or "N" or "YES" or "NO" or "ON" or "OFF"))
        {
            return value;
        }

        var text = new StringBuilder("\"");
        for (var i = 0; i < value.Length; i++)
        {
            var letter = value[i];
            if (letter is '"' or '\\')
            {
                text.Append('\\').Append(letter);
            }
            else if (letter == '\n')
            {
                text.Append("\\n");
            }
            else if (char.IsSurrogate(letter) && !(i + 1 < value.Length && char.IsSurrogatePair(letter, value[i + 1])))
            {
                // Half a character cannot be written in UTF-8; it can only come from a program, never from a file.
                text.Append("\\uFFFD");
            }
            else if (char.IsSurrogate(letter))
            {
                text.Append(letter).Append(value[++i]);
            }
            else if (char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' or >= '\uFFFE')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
            }
            else
            {
                text.Append(letter);
            }
        }

        return text.Append('"').ToString();
    }
}
