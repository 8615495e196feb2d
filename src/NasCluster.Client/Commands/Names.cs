using System.Globalization;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Catalog;

namespace NasCluster.Client.Commands;

/// <summary>Names as the console writes them.</summary>
internal static class Names
{
    private const int LongestStem = 40;

    /// <summary>A name for a search: of its file, and of the time so that it is new.</summary>
    public static string OfSearch(string file, DateTimeOffset started)
    {
        var stem = new string([.. Path.GetFileNameWithoutExtension(file).ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(LongestStem)]);
        stem = string.Join('-', stem.Split('-', StringSplitOptions.RemoveEmptyEntries));
        var time = started.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return CatalogName.TryParse(stem, out _) ? $"{stem}-{time}" : $"search-{time}";
    }

    /// <summary>A state.</summary>
    public static string Of(SearchState state) => state.ToString().ToLowerInvariant();
}
