using Xunit;

namespace NasCluster.Testing;

/// <summary>Real checkpoints and texts that lie beside the repository, at <c>../shared/data</c> from its root, where they lie at all.</summary>
public static class SharedData
{
    private static readonly string? Root = FindRoot();

    /// <summary>The repository's root: the folder that holds NasCluster.sln.</summary>
    public static string RepositoryRoot => Root ?? throw new InvalidOperationException($"No NasCluster.sln above {AppContext.BaseDirectory}.");

    /// <summary>Full path of a shared file or folder, whether or not it is there.</summary>
    public static string PathOf(string relative) => Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data", relative));

    internal static string? MissingMessage(string[] needed)
    {
        var missing = needed.Where(n => !Path.Exists(PathOf(n))).ToArray();
        return missing.Length == 0 ? null : $"Shared data not here: {string.Join(", ", missing)}";
    }

    private static string? FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "NasCluster.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName;
    }
}

/// <summary>A test that needs shared data and is skipped, saying what is missing, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    /// <summary>Names the files or folders needed, relative to the shared data folder.</summary>
    public SharedDataFactAttribute(params string[] needed) => Skip = SharedData.MissingMessage(needed);
}

/// <summary>A theory that needs shared data and is skipped, saying what is missing, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    /// <summary>Names the files or folders needed, relative to the shared data folder.</summary>
    public SharedDataTheoryAttribute(params string[] needed) => Skip = SharedData.MissingMessage(needed);
}
