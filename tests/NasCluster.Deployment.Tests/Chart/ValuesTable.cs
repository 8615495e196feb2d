using System.Text;
using System.Text.Json;
using NasCluster.Deployment.Tests.Rendering;
using YamlDotNet.RepresentationModel;

namespace NasCluster.Deployment.Tests.Chart;

/// <summary>The table of a chart's values, made of the comments in values.yaml.</summary>
internal static class ValuesTable
{
    // Values are read by people: no \u003e for a '>'.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The table in Markdown: a row per value, in their order.</summary>
    /// <exception cref="InvalidDataException">A value has no comment directly above it.</exception>
    public static string Of(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var table = new StringBuilder("| value | default | is |\n|-|-|-|\n");
        Rows((YamlMappingNode)stream.Documents[0].RootNode, "", yaml.Split('\n'), table);
        return table.ToString();
    }

    private static void Rows(YamlMappingNode mapping, string prefix, string[] lines, StringBuilder table)
    {
        foreach (var (key, value) in mapping.Children)
        {
            var name = prefix + ((YamlScalarNode)key).Value;
            var comment = CommentAbove(lines, (int)key.Start.Line - 1);
            if (comment is null && value is YamlMappingNode { Children.Count: > 0 } section)
            {
                Rows(section, name + ".", lines, table);
            }
            else
            {
                table.Append($"| `{name}` | `{Default(value)}` | {comment ?? throw new InvalidDataException($"{name} has no comment above it.")} |\n");
            }
        }
    }

    private static string Default(YamlNode value) =>
        (YamlDocuments.ToJson(value)?.ToJsonString(Readable) ?? "null").Replace("|", "\\|", StringComparison.Ordinal);

    /// <summary>The comment lines directly above a line, as one; null when there are none, or when they stand at the file's head.</summary>
    private static string? CommentAbove(string[] lines, int line)
    {
        var first = line;
        while (first > 0 && lines[first - 1].TrimStart().StartsWith("# ", StringComparison.Ordinal))
        {
            first--;
        }

        return first == line ? null : string.Join(' ', lines[first..line].Select(l => l.Trim()[2..]));
    }
}
