using System.Collections.Immutable;
using NasCluster.Core.Architectures;

namespace NasCluster.Reporting.Fronts;

/// <summary>Architectures as people read them, in more or fewer words.</summary>
internal static class ArchitectureText
{
    // A longer list of widths says less than its range.
    private const int MostWidthsListed = 8;

    /// <summary>One line: <c>4 layers, MLP 172 128 172 96, KV 4</c>; long lists of widths as their range.</summary>
    /// <remarks>
    /// Where heads lack rotary pairs, the channels that each head of a layer still has follow, <c>all</c> for whole heads:
    /// <c>4 layers, MLP 172, KV 4, head 6 all 4 6</c>.
    /// </remarks>
    public static string Short(Architecture? architecture) => Short(architecture, withKv: true);

    /// <summary>As <see cref="Short(Architecture?)"/>, with or without the KV groups.</summary>
    public static string Short(Architecture? architecture, bool withKv)
    {
        if (architecture is null)
        {
            return "";
        }

        var layers = Layers(architecture, terse: false);
        var kv = withKv ? $", KV {Widths(Kv(architecture), MostWidthsListed)}" : "";
        return architecture.Layers.IsEmpty ? layers : $"{layers}, MLP {Widths(Mlp(architecture), MostWidthsListed)}{kv}{Heads(architecture, MostWidthsListed)}";
    }

    /// <summary>For a column headed by <see cref="TerseHeading"/>: <c>4: 172 128 172 96</c>.</summary>
    /// <param name="architecture">What to write.</param>
    /// <param name="withKv">Whether to write the KV groups: <c>4: 172 128 172 96, 4</c>.</param>
    /// <param name="asRanges">Whether widths that differ are written as their range: <c>4: 96-172</c>.</param>
    public static string Terse(Architecture? architecture, bool withKv, bool asRanges)
    {
        if (architecture is null)
        {
            return "";
        }

        var layers = Layers(architecture, terse: true);
        var most = asRanges ? 1 : MostWidthsListed;
        var kv = withKv ? $", {Widths(Kv(architecture), most)}" : "";
        return architecture.Layers.IsEmpty ? layers : $"{layers}: {Widths(Mlp(architecture), most)}{kv}{Heads(architecture, most)}";
    }

    /// <summary>What the parts of <see cref="Terse"/> are.</summary>
    public static string TerseHeading(bool withKv) => withKv ? "layers: MLP, KV" : "layers: MLP";

    /// <summary>The number of KV groups that every layer of every architecture has; null where they differ.</summary>
    public static int? CommonKv(IEnumerable<Architecture> architectures)
    {
        var counts = architectures.SelectMany(a => a.Layers).Select(l => l.KvGroups.Count).Distinct().Take(2).ToArray();
        return counts.Length == 1 ? counts[0] : null;
    }

    // How many says all where the leading ones stay; otherwise which ones do matters.
    private static string Layers(Architecture architecture, bool terse)
    {
        var sources = architecture.Layers.Select(l => l.SourceLayer).ToImmutableArray();
        if (sources.IsEmpty || sources[^1] == sources.Length - 1)
        {
            return terse ? $"{sources.Length}" : sources.Length == 1 ? "1 layer" : $"{sources.Length} layers";
        }

        var runs = new List<(int First, int Last)>();
        foreach (var source in sources)
        {
            if (runs.Count > 0 && runs[^1].Last == source - 1)
            {
                runs[^1] = (runs[^1].First, source);
            }
            else
            {
                runs.Add((source, source));
            }
        }

        var listed = runs.Count <= MostWidthsListed
            ? string.Join(' ', runs.Select(r => r.First == r.Last ? $"{r.First}" : r.Last == r.First + 1 ? $"{r.First} {r.Last}" : $"{r.First}-{r.Last}"))
            : $"{sources.Length} of {sources[0]}-{sources[^1]}";
        return terse ? $"[{listed}]" : sources.Length == 1 ? $"layer {listed}" : $"layers {listed}";
    }

    private static int[] Mlp(Architecture architecture) => [.. architecture.Layers.Select(l => l.MlpChannels.Count)];

    private static int[] Kv(Architecture architecture) => [.. architecture.Layers.Select(l => l.KvGroups.Count)];

    // Rare, so columns have no heading for it and the text names it. Layers without attention have no heads to speak of.
    private static string Heads(Architecture architecture, int most)
    {
        var pairs = architecture.Layers.Where(l => l.KvGroups.Count > 0).Select(l => l.HeadPairs?.Count).ToArray();
        int[] masked = [.. pairs.OfType<int>().Select(p => 2 * p)];
        if (masked.Length == 0)
        {
            return "";
        }

        var isListed = masked.Length < pairs.Length && pairs.Length <= most;
        var listed = isListed ? string.Join(' ', pairs.Select(p => p is int kept ? $"{2 * kept}" : "all")) : Widths(masked, most);
        return $", head {listed}{(masked.Length < pairs.Length && !isListed ? " and all" : "")}";
    }

    private static string Widths(int[] widths, int most) =>
        widths.Distinct().Count() == 1 ? $"{widths[0]}"
        : widths.Length <= most ? string.Join(' ', widths)
        : $"{widths.Min()}-{widths.Max()}";
}
