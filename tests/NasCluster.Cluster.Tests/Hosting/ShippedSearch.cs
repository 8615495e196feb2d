namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>The super-network that comes along, and the search that comes with it, made short.</summary>
internal static class ShippedSearch
{
    /// <summary>A directory of models with that one in it.</summary>
    public static string Models { get; } = Path.Combine(AppContext.BaseDirectory, "Models");

    /// <summary>The shipped search.</summary>
    public static string File { get; } = Path.Combine(Models, "small-world", "search.yaml");

    /// <summary>Keys that make the search quick, as <c>KEY=VALUE</c>.</summary>
    public static string[] Quick { get; } = ["budget.evaluations=30", "algorithm.population=10", "data.search_share=0.02"];

    /// <summary>Arguments of <c>nasctl</c> that start it.</summary>
    /// <param name="settings">Further keys, as <c>KEY=VALUE</c>.</param>
    public static string[] Start(params IEnumerable<string> settings) =>
        ["search", "start", "-f", File, "--super-network", "small-world", .. Quick.Concat(settings).SelectMany(s => (string[])["--set", s])];
}
