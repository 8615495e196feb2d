using NasCluster.Core;

namespace NasCluster.Local.Runs;

/// <summary>Whether a directory can take a new run.</summary>
internal static class RunPlace
{
    /// <summary>Fails where stages or a pruned network lie already: those of another run would be taken for this one's, and its own never made.</summary>
    /// <param name="directory">The directory; it need not be there.</param>
    /// <exception cref="NasClusterException">One lies there.</exception>
    public static void RequireFree(string directory)
    {
        foreach (var path in (string[])[StageFiles.Folder(directory), StageFiles.Model(directory)])
        {
            if (Path.Exists(path))
            {
                throw new NasClusterException($"{Path.GetFullPath(path)} is already there, and is no part of this run; choose another directory, or move it away.");
            }
        }
    }
}
