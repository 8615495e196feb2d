using System.Diagnostics;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>A disk of a given size, made of memory.</summary>
internal sealed class TemporaryDisk : IDisposable
{
    private static readonly Lazy<string?> NotHere = new(Try);
    private readonly TemporaryDirectory _folder = new();

    /// <summary>Mounts a disk.</summary>
    /// <param name="size">As <c>mount</c> takes it, such as <c>600k</c>.</param>
    public TemporaryDisk(string size)
    {
        if (Mount($"size={size}") is { } problem)
        {
            _folder.Dispose();
            throw new InvalidOperationException(problem);
        }
    }

    /// <summary>Why there can be no such disk here; null where there can.</summary>
    public static string? WhyNot => NotHere.Value;

    public string At(string name) => _folder.At(name);

    /// <summary>Makes the disk larger, keeping what is on it.</summary>
    public void Resize(string size) => Assert.Null(Mount($"remount,size={size}"));

    public void Dispose()
    {
        // Lazily, so that a program that still runs cannot keep it.
        Execute("umount", "-l", _folder.Root);
        _folder.Dispose();
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "A disk made of memory needs Linux.";
        }

        try
        {
            new TemporaryDisk("100k").Dispose();
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"A disk made of memory cannot be mounted here (it needs root): {exception.Message.Trim()}";
        }
    }

    private string? Mount(string options) => Execute("mount", "-t", "tmpfs", "-o", options, "nas-test", _folder.Root);

    private static string? Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program} failed: {errors}";
    }
}

/// <summary>A test that needs a <see cref="TemporaryDisk"/>, and is skipped, saying why, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TemporaryDiskFactAttribute : FactAttribute
{
    public TemporaryDiskFactAttribute() => Skip = TemporaryDisk.WhyNot;
}
