using System.Security.Cryptography;

namespace NasCluster.Core.Storage.Contents;

/// <summary>The files of a cache directory.</summary>
/// <remarks>
/// The locks are open files that the operating system releases when a process ends, however it ends. They are empty and stay: to
/// remove one would race with others opening it.
/// </remarks>
internal sealed class CacheFiles(string directory)
{
    private const string PartExtension = ".part";
    private const int BufferSize = 1 << 20;

    public string Whole(string hash) => Path.Combine(directory, hash);

    public string Part(string hash) => Path.Combine(directory, hash + PartExtension);

    /// <summary>Held shared by whoever reads the file, alone by whoever removes it; null if others hold it otherwise.</summary>
    public FileStream? TryLease(string hash, bool alone) => TryLock(Path.Combine(directory, hash + ".lease"), alone);

    /// <summary>Held by the one that writes the file's part; null if another does.</summary>
    public FileStream? TryFetch(string hash) => TryLock(Path.Combine(directory, hash + ".fetch"), alone: true);

    /// <summary>Whole files and parts, least recently used first. Whatever else is in the directory is no concern of a cache.</summary>
    public List<(string Hash, FileInfo File)> ByLastUse() =>
    [
        .. from file in new DirectoryInfo(directory).EnumerateFiles()
           let hash = file.Name.EndsWith(PartExtension, StringComparison.Ordinal) ? file.Name[..^PartExtension.Length] : file.Name
           where ContentHash.IsValid(hash)
           orderby file.LastWriteTimeUtc, file.Name
           select (hash, file),
    ];

    /// <summary>The SHA-256 of a file, in lower-case hexadecimal.</summary>
    public static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await AppendAsync(file, file.Length, hash, cancellation).ConfigureAwait(false);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>Hashes the next bytes of a file.</summary>
    public static async Task AppendAsync(FileStream file, long count, IncrementalHash hash, CancellationToken cancellation)
    {
        var buffer = new byte[Math.Clamp(count, 1, BufferSize)];
        while (count > 0)
        {
            var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            hash.AppendData(buffer, 0, read);
            count -= read;
        }
    }

    private static FileStream? TryLock(string path, bool alone)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, alone ? FileAccess.ReadWrite : FileAccess.Read, alone ? FileShare.None : FileShare.Read, 1);
        }
        catch (IOException exception) when (IsHeldElsewhere(exception))
        {
            return null;
        }
    }

    // .NET reports a lock held elsewhere as EWOULDBLOCK on Unix and as a sharing violation on Windows.
    private static bool IsHeldElsewhere(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 11 or 35;
}
