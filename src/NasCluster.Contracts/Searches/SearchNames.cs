namespace NasCluster.Contracts.Searches;

/// <summary>Names that the cluster gives.</summary>
public static class SearchNames
{
    private const string ReportEnding = ".report";

    /// <summary>The name under which a search's front is scored on the report part of its data.</summary>
    public static string OfReport(string search) => search + ReportEnding;

    /// <summary>Whether a name is one of those.</summary>
    public static bool IsReport(string search) => search.EndsWith(ReportEnding, StringComparison.Ordinal);
}
