namespace NasCluster.Local;

/// <summary>The small super-network that comes with the program, so that there is something to search without a download.</summary>
/// <remarks>How it came about is told beside it, in <c>Models/small-world/README.md</c>.</remarks>
internal static class ShippedSuperNetwork
{
    /// <summary>Where it lies.</summary>
    public static string Directory => Path.Combine(AppContext.BaseDirectory, "Models", "small-world");

    /// <summary>The search of it that runs when nothing else is named.</summary>
    public static string SearchFile => Path.Combine(Directory, "search.yaml");
}
