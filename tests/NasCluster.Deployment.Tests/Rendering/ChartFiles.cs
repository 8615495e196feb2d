using NasCluster.Testing;

namespace NasCluster.Deployment.Tests.Rendering;

/// <summary>Where things are in the repository.</summary>
internal static class ChartFiles
{
    public static string Chart => At("helm/nas-cluster");

    public static string At(string relative) => Path.Combine(SharedData.RepositoryRoot, relative);

    public static string Read(string relative) => File.ReadAllText(At(relative)).ReplaceLineEndings("\n");
}
