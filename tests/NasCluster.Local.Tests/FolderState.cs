using System.Security.Cryptography;

namespace NasCluster.Local.Tests;

/// <summary>Names and contents of everything in a folder, to see whether anything was touched.</summary>
internal static class FolderState
{
    public static string[] Of(string folder) => [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => $"{Path.GetRelativePath(folder, path)} {(Directory.Exists(path) ? "" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))))}")];
}
