using System.Collections.Immutable;

namespace NasCluster.Local.Commands;

/// <summary>What the layers of a space choose from, in as few lines as say it all.</summary>
internal static class LayerChoices
{
    /// <summary>One line for all layers when they choose alike, else one for each set of layers that do: <c>layers 0-2, 5: 24, 48</c>.</summary>
    /// <param name="lists">For each layer its choices; empty when every layer keeps all it has.</param>
    public static IReadOnlyList<string> Lines(ImmutableArray<ImmutableArray<int>> lists)
    {
        if (lists.IsDefaultOrEmpty)
        {
            return ["all"];
        }

        // By text, because arrays compare by reference; groups come in the order of their first layers.
        var groups = lists.Select((choices, layer) => (Text: string.Join(", ", choices), Layer: layer)).GroupBy(l => l.Text, l => l.Layer).ToArray();
        return groups.Length == 1
            ? [groups[0].Key]
            : [.. groups.Select(g => $"{(g.Count() == 1 ? "layer" : "layers")} {Ranges([.. g])}: {g.Key}")];
    }

    private static string Ranges(int[] ascending)
    {
        var ranges = new List<string>();
        for (int first = 0, next; first < ascending.Length; first = next)
        {
            for (next = first + 1; next < ascending.Length && ascending[next] == ascending[next - 1] + 1; next++)
            {
            }

            ranges.Add(next == first + 1 ? $"{ascending[first]}" : $"{ascending[first]}-{ascending[next - 1]}");
        }

        return string.Join(", ", ranges);
    }
}
