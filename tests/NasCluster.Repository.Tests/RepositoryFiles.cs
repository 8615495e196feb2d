using System.Diagnostics;
using NasCluster.Testing;

namespace NasCluster.Repository.Tests;

/// <summary>The files git tracks, so that nothing built or left lying about is judged.</summary>
internal static class RepositoryFiles
{
    private static readonly Lazy<string[]> AllTracked = new(ListTracked);

    public static string Root => SharedData.RepositoryRoot;

    /// <summary>Paths relative to the root, with forward slashes, of tracked files that exist.</summary>
    public static IReadOnlyList<string> Tracked => AllTracked.Value;

    public static string FullPath(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(FullPath(relative));

    /// <summary>Tracked files whose first block holds no zero byte, which is also how git tells text from binary.</summary>
    public static IEnumerable<string> TrackedText()
    {
        var block = new byte[8000];
        foreach (var path in Tracked)
        {
            using var stream = File.OpenRead(FullPath(path));
            var read = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (!block.AsSpan(0, read).Contains((byte)0))
            {
                yield return path;
            }
        }
    }

    /// <summary>Standard output of a program run in the root; throws when it fails.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}");
    }

    // A checkout owned by another user, usual in containers, is otherwise refused by git.
    private static string[] ListTracked() =>
        [.. Run("git", "-c", "safe.directory=*", "-c", "core.quotePath=false", "ls-files", "-z")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => File.Exists(FullPath(path)))
            .Order(StringComparer.Ordinal)];
}
