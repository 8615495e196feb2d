using System.Globalization;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Catalog;
using NasCluster.Core.Control.Sharing;

namespace NasCluster.Client;

/// <summary>Names as the console gives and writes them.</summary>
internal static class Names
{
    private const int LongestStem = 40;

    /// <summary>A name for a search: of its file, and of the time so that it is new.</summary>
    public static CatalogName OfSearch(string file, DateTimeOffset started)
    {
        var stem = Path.GetFileNameWithoutExtension(file);
        var name = CatalogName.Suggested(stem[..Math.Min(stem.Length, LongestStem)], "search").Value;
        return CatalogName.Parse($"{name}-{started.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}", "search");
    }

    /// <summary>A name for a super-network: of its directory or file.</summary>
    public static CatalogName OfModel(string path)
    {
        var last = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return CatalogName.Suggested(last.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? last[..^4] : last, "super-network");
    }

    /// <summary>A state.</summary>
    public static string Of(SearchState state) => state.ToString().ToLowerInvariant();

    /// <summary>What an evaluator does.</summary>
    public static string Of(EvaluatorActivity activity) => activity.ToString().ToLowerInvariant();
}
