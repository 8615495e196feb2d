using System.Globalization;
using NasCluster.Core;

namespace NasCluster.Embedded.Storage;

/// <summary>Exclusive ownership of a run directory by one process.</summary>
/// <remarks>
/// An open file with <see cref="FileShare.None"/>: the operating system drops such a lock when its process ends, however it ends,
/// so nothing is ever left to clean up. A file whose mere presence means "locked" would outlive a killed process.
/// </remarks>
internal sealed class RunLock : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _file;

    private RunLock(string directory, FileStream file)
    {
        _directory = directory;
        _file = file;
    }

    /// <summary>Takes the lock, or fails at once.</summary>
    /// <exception cref="NasClusterException">Another process (or another part of this one) has it, or the directory is not writable.</exception>
    public static RunLock Take(string directory)
    {
        FileStream file;
        try
        {
            file = new FileStream(RunFiles.Lock(directory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new NasClusterException($"Run directory '{directory}' is not writable: {exception.Message}", exception);
        }
        catch (IOException exception) when (File.Exists(RunFiles.Lock(directory)) && IsHeldElsewhere(exception))
        {
            var owner = OwnerOf(directory) is { } id ? $"process {id}" : "another process";
            throw new NasClusterException($"Run directory '{directory}' is in use by {owner}; only one process may run it at a time.", exception);
        }
        catch (IOException exception)
        {
            throw new NasClusterException($"Run directory '{directory}' is not writable: {exception.Message}", exception);
        }

        WriteOwner(directory);
        return new RunLock(directory, file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_file.SafeFileHandle.IsClosed)
        {
            // While the lock is still held: later it could be another owner's file.
            Quietly(() => File.Delete(RunFiles.Owner(_directory)));
            _file.Dispose();
        }
    }

    private static bool IsHeldElsewhere(IOException exception)
    {
        // .NET reports a lock held elsewhere as EWOULDBLOCK on Unix and as a sharing violation on Windows; a full or
        // read-only disk is an IOException too and must not be blamed on another process.
        const int sharingViolation = unchecked((int)0x80070020);
        const int wouldBlockLinux = 11;
        const int wouldBlockMac = 35;
        return exception.HResult is sharingViolation or wouldBlockLinux or wouldBlockMac;
    }

    private static int? OwnerOf(string directory)
    {
        try
        {
            return int.TryParse(File.ReadAllText(RunFiles.Owner(directory)), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void WriteOwner(string directory) =>
        Quietly(() => File.WriteAllText(RunFiles.Owner(directory), Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));

    private static void Quietly(Action change)
    {
        try
        {
            change();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The owner's file is only a courtesy to whoever is refused; the lock itself holds.
        }
    }
}
