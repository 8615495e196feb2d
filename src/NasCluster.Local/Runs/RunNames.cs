using System.Globalization;

namespace NasCluster.Local.Runs;

/// <summary>Names for people.</summary>
internal static class RunNames
{
    /// <summary>A model's path as a short name: its last part, without the ending of a file; the path itself where that leaves nothing.</summary>
    public static string Model(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        name = name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        return name.Length == 0 ? path : name;
    }

    /// <summary>A directory that is not there yet: the number after the greatest under a parent, 1 when there is none.</summary>
    public static string NextDirectory(string parent)
    {
        var numbers = Directory.Exists(parent)
            ? Directory.EnumerateFileSystemEntries(parent).Select(p => int.TryParse(Path.GetFileName(p), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            : [];
        return Path.Combine(parent, (numbers.DefaultIfEmpty().Max() + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A path as a POSIX shell takes it.</summary>
    public static string Quote(string path) => path.Length > 0 && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
