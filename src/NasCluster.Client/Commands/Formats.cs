using System.CommandLine;
using System.Text.Json;
using NasCluster.Reporting.Fronts;
using Spectre.Console;

namespace NasCluster.Client.Commands;

/// <summary>How commands write what they found.</summary>
internal static class Formats
{
    private const int HashLength = 64;
    private const int Unbounded = 10_000;
    private const int ShortHash = 12;

    /// <summary>The option every such command has.</summary>
    public static Option<string> Option()
    {
        var option = new Option<string>("--format") { Description = "How to show it.", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "json", "csv");
        return option;
    }

    /// <summary>The format of a front.</summary>
    public static FrontFormat Parse(string format) => Enum.Parse<FrontFormat>(format, ignoreCase: true);

    /// <summary>Writes rows to standard output.</summary>
    public static void Write(string format, IReadOnlyList<string> columns, IEnumerable<object?[]> rows)
    {
        switch (format)
        {
            case "json":
                Console.Out.WriteLine(JsonSerializer.Serialize(rows.Select(row => columns.Zip(row).ToDictionary(c => c.First, c => c.Second))));
                break;
            case "csv":
                foreach (var row in rows.Prepend([.. columns]))
                {
                    Console.Out.WriteLine(string.Join(',', row.Select(Quoted)));
                }

                break;
            default:
                var table = new Table { Border = TableBorder.Rounded };
                foreach (var column in columns)
                {
                    table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
                }

                foreach (var row in rows)
                {
                    table.AddRow([.. row.Select(value => Markup.Escape(Shortened(value?.ToString() ?? "")))]);
                }

                var console = Reporting.ReportConsole.Detect(Console.Out);
                if (Console.IsOutputRedirected)
                {
                    console.Profile.Width = Unbounded; // A file or a pager has no edge at which columns would have to be squeezed.
                }

                console.Write(table);
                break;
        }
    }

    /// <summary>Writes the one thing a command did to standard output.</summary>
    /// <param name="format">How.</param>
    /// <param name="text">What people are told; null for nothing: the exit code says that it is done.</param>
    /// <param name="fields">What scripts are told, by name.</param>
    public static void WriteOne(string format, string? text, params (string Name, object? Value)[] fields)
    {
        switch (format)
        {
            case "json":
                Console.Out.WriteLine(JsonSerializer.Serialize(fields.ToDictionary(f => f.Name, f => f.Value)));
                break;
            case "csv":
                Write(format, [.. fields.Select(f => f.Name)], [[.. fields.Select(f => f.Value)]]);
                break;
            default:
                if (text is not null)
                {
                    Console.Out.WriteLine(text);
                }

                break;
        }
    }

    /// <summary>For people the beginning of a hash is enough.</summary>
    private static string Shortened(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower) ? text[..ShortHash] : text;

    private static string Quoted(object? value)
    {
        var text = value?.ToString() ?? "";
        return text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
