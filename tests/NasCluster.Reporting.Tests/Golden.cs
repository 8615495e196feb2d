using System.Runtime.CompilerServices;
using System.Text;

namespace NasCluster.Reporting.Tests;

/// <summary>Texts compared with files kept beside the tests.</summary>
/// <remarks>With the environment variable NASCLUSTER_WRITE_GOLDEN=1 the files are written anew instead; look at the difference before keeping it.</remarks>
internal static class Golden
{
    public static void Matches(string name, string actual)
    {
        var path = Path.Combine(Folder(), "Golden", name);
        if (Environment.GetEnvironmentVariable("NASCLUSTER_WRITE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual, new UTF8Encoding(false));
        }

        // Exact but for line ends, which git may change and CSV has tests of its own for.
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual.ReplaceLineEndings("\n"));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
