using System.Text;

namespace NasCluster.Deployment.Tests.Rendering;

/// <summary>Files of the repository that are made from others, and held to them.</summary>
/// <remarks>With the environment variable NASCLUSTER_WRITE_GOLDEN=1 they are written anew; look at the difference before keeping it.</remarks>
internal static class GeneratedFile
{
    public static bool IsWriting => Environment.GetEnvironmentVariable("NASCLUSTER_WRITE_GOLDEN") == "1";

    public static void Matches(string relative, string expected)
    {
        var path = ChartFiles.At(relative);
        if (IsWriting)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected, new UTF8Encoding(false));
        }

        Assert.True(File.Exists(path), $"{relative} is missing; NASCLUSTER_WRITE_GOLDEN=1 writes it.");
        Assert.Equal(expected, ChartFiles.Read(relative));
    }
}
