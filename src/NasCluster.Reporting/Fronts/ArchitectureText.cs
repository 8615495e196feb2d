using NasCluster.Core.Architectures;

namespace NasCluster.Reporting.Fronts;

/// <summary>Architectures as people read them.</summary>
internal static class ArchitectureText
{
    // A longer list of widths says less than its range.
    private const int MostWidthsListed = 8;

    /// <summary>One line: <c>4 layers, MLP 172 128 172 96, KV 4</c>; long lists of widths as their range.</summary>
    public static string Short(Architecture? architecture)
    {
        if (architecture is null)
        {
            return "";
        }

        var layers = architecture.Layers;
        var count = layers.Length == 1 ? "1 layer" : $"{layers.Length} layers";
        return layers.IsEmpty
            ? count
            : $"{count}, MLP {Widths([.. layers.Select(l => l.MlpChannels.Count)])}, KV {Widths([.. layers.Select(l => l.KvGroups.Count)])}";
    }

    private static string Widths(int[] widths) =>
        widths.Distinct().Count() == 1 ? $"{widths[0]}"
        : widths.Length <= MostWidthsListed ? string.Join(' ', widths)
        : $"{widths.Min()}-{widths.Max()}";
}
