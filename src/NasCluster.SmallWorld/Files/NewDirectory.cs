using NasCluster.Core;

namespace NasCluster.SmallWorld.Files;

/// <summary>Writes directories that are there whole or not at all.</summary>
internal static class NewDirectory
{
    /// <summary>Fills a directory beside the one wanted, and gives it its name when all is written.</summary>
    /// <param name="path">The directory wanted; it must not be there, or be empty.</param>
    /// <param name="fill">Writes everything under the directory it is given.</param>
    /// <exception cref="NasClusterException">The directory is taken, or cannot be written.</exception>
    public static T Write<T>(string path, Func<string, T> fill)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = $"{target}.partial-{Environment.ProcessId}";
        try
        {
            if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            {
                throw new NasClusterException($"{path} is there already; a world is written to a new or empty directory.");
            }

            Directory.CreateDirectory(temporary);
            var result = fill(temporary);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(temporary, target);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{path} cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
        finally
        {
            RemoveLeftovers(temporary);
        }
    }

    private static void RemoveLeftovers(string temporary)
    {
        try
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that got us here matters more than a folder whose name says that it is partial.
        }
    }
}
