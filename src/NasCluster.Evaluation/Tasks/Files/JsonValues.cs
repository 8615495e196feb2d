using System.Collections.Immutable;
using System.Text.Json;
using NasCluster.Core;

namespace NasCluster.Evaluation.Tasks.Files;

/// <summary>Values of rows that data sets write in more than one way.</summary>
internal static class JsonValues
{
    private const int MostItems = 1024;

    /// <summary>Whether a row has a member, and not null.</summary>
    internal static bool Has(this JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A member that may be any string, even an empty one.</summary>
    /// <exception cref="NasClusterException">It is missing or no string.</exception>
    internal static string AnyText(this JsonRow place, JsonElement row, string name) => place.Property(row, "", name, JsonValueKind.String).GetString()!;

    /// <summary>A member that counts from a least to a most number, written as a number or as a string of digits.</summary>
    /// <exception cref="NasClusterException">It is missing or something else.</exception>
    internal static int Label(this JsonRow place, JsonElement row, string name, int least, int most)
    {
        if (row.TryGetProperty(name, out var value))
        {
            var isNumber = value.ValueKind switch
            {
                JsonValueKind.Number => value.TryGetInt32(out var number) && number >= least && number <= most,
                JsonValueKind.String => IsDigit(value.GetString()!) && value.GetString()![0] - '0' >= least && value.GetString()![0] - '0' <= most,
                _ => false,
            };
            if (isNumber)
            {
                return value.ValueKind == JsonValueKind.Number ? value.GetInt32() : value.GetString()![0] - '0';
            }
        }

        throw place.Failure($"{name} is {(row.Has(name) ? value.GetRawText() : "missing")}; it must be a whole number from {least} to {most}.");
    }

    /// <summary>A member that is a list of texts, none of them empty.</summary>
    /// <exception cref="NasClusterException">It is missing, has too few or too many, or one that is no text.</exception>
    internal static ImmutableArray<string> Texts(this JsonRow place, JsonElement row, string path, string name, int least)
    {
        var list = place.Property(row, path, name, JsonValueKind.Array);
        if (list.GetArrayLength() < least || list.GetArrayLength() > MostItems)
        {
            throw place.Failure($"{path}{name} has {list.GetArrayLength()} items; it must have {least} to {MostItems}.");
        }

        return
        [
            .. list.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(item.GetString())
                ? item.GetString()!
                : throw place.Failure($"{path}{name}[{i}] must be a string that holds text.")),
        ];
    }

    private static bool IsDigit(string text) => text.Length == 1 && char.IsAsciiDigit(text[0]);
}
