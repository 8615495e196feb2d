using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace NasCluster.Core.Storage.Contents;

/// <summary>Whole contents as files of a local directory: each fetched once, whoever asks, and kept until others need the room.</summary>
/// <remarks>
/// <para>
/// Several processes may share the directory. A file has its content's hash for a name and is whole and flushed before it gets that name;
/// until then it is a <c>.part</c>, which whoever fetches the content next goes on with, and which is checked as a whole in the end.
/// A file from before this object is checked when it is first asked for.
/// </para>
/// <para>Locks between processes are advisory, as the file system gives them; some network file systems give none.</para>
/// </remarks>
public sealed class ContentCache
{
    // How often another process is asked whether it is done; within this one nobody has to ask.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly string _directory;
    private readonly long _capacity;
    private readonly TimeProvider _time;
    private readonly CacheFiles _files;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _sound = new(StringComparer.Ordinal);

    /// <summary>Opens a cache.</summary>
    /// <param name="directory">Where; made if it is not there. Files in it that are not the cache's own are left alone.</param>
    /// <param name="capacity">How many bytes of contents to keep. Leased contents stay beyond that.</param>
    /// <param name="time">The clock by which the least recently used is told.</param>
    /// <exception cref="NasClusterException">The directory cannot be made.</exception>
    public ContentCache(string directory, long capacity, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentNullException.ThrowIfNull(time);
        _directory = Path.GetFullPath(directory);
        (_capacity, _time, _files) = (capacity, time, new CacheFiles(_directory));
        try
        {
            Directory.CreateDirectory(_directory);
        }
        catch (Exception exception) when (IsFileSystem(exception))
        {
            throw Failed(exception);
        }
    }

    /// <summary>A whole, checked file of a content, fetched if it is not here.</summary>
    /// <param name="hash">SHA-256, in lower-case hexadecimal.</param>
    /// <param name="source">Where to fetch it from.</param>
    /// <param name="cancellation">Gives up; what was fetched is gone on with by the next call.</param>
    /// <returns>The file, which stays until the lease is disposed.</returns>
    /// <exception cref="ArgumentException">The hash is none.</exception>
    /// <exception cref="NasClusterException">There is no such content, it is damaged, or the directory cannot be written.</exception>
    /// <exception cref="StateCellException">Storage did not answer; the next call goes on from there.</exception>
    public async ValueTask<ContentLease> GetAsync(string hash, IContentStore source, CancellationToken cancellation)
    {
        ContentHash.ThrowIfInvalid(hash);
        ArgumentNullException.ThrowIfNull(source);
        var turn = _turns.GetOrAdd(hash, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var held = await WaitForAsync(() => _files.TryLease(hash, alone: false), cancellation).ConfigureAwait(false);
            try
            {
                if (!await IsSoundAsync(hash, cancellation).ConfigureAwait(false))
                {
                    await FetchAloneAsync(hash, source, cancellation).ConfigureAwait(false);
                }

                File.SetLastWriteTimeUtc(_files.Whole(hash), _time.GetUtcNow().UtcDateTime);
                return new ContentLease(hash, _files.Whole(hash), held);
            }
            catch
            {
                await held.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (Exception exception) when (IsFileSystem(exception))
        {
            throw Failed(exception);
        }
        finally
        {
            turn.Release();
        }
    }

    private async ValueTask FetchAloneAsync(string hash, IContentStore source, CancellationToken cancellation)
    {
        var fetching = await WaitForAsync(() => _files.TryFetch(hash), cancellation).ConfigureAwait(false);
        await using (fetching.ConfigureAwait(false))
        {
            // Another process may have fetched it meanwhile.
            if (!await IsSoundAsync(hash, cancellation).ConfigureAwait(false) && !await TryFetchAsync(hash, source, cancellation).ConfigureAwait(false))
            {
                // What an earlier fetch left behind was damaged on disk: without it.
                File.Delete(_files.Part(hash));
                if (!await TryFetchAsync(hash, source, cancellation).ConfigureAwait(false))
                {
                    throw new NasClusterException($"What storage gives for content {hash} has another hash.");
                }
            }
        }

        Evict(hash);
    }

    /// <summary>Fetches what the part lacks, and makes it the file if it is right.</summary>
    private async ValueTask<bool> TryFetchAsync(string hash, IContentStore source, CancellationToken cancellation)
    {
        var path = _files.Part(hash);
        var part = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
        await using (part.ConfigureAwait(false))
        {
            // Only whole chunks are gone on with: the last bytes before a power failure are the least to be trusted.
            part.SetLength(part.Length / ContentStore.ChunkSize * ContentStore.ChunkSize);
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await CacheFiles.AppendAsync(part, part.Length, sum, cancellation).ConfigureAwait(false);
            var content = await source.OpenAsync(hash, part.Length, cancellation).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
            {
                var buffer = new byte[ContentStore.ChunkSize];
                while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) is > 0 and var read)
                {
                    sum.AppendData(buffer, 0, read);
                    await part.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                }
            }

            if (Convert.ToHexStringLower(sum.GetHashAndReset()) != hash)
            {
                return false;
            }

            // The flush may take seconds for a large file; .NET has none that does not block its thread.
            await Task.Run(() => part.Flush(flushToDisk: true), cancellation).ConfigureAwait(false);
        }

        File.Move(path, _files.Whole(hash), overwrite: true);
        _sound[hash] = true;
        return true;
    }

    private async ValueTask<bool> IsSoundAsync(string hash, CancellationToken cancellation)
    {
        var path = _files.Whole(hash);
        if (!File.Exists(path))
        {
            return false;
        }

        if (!_sound.ContainsKey(hash) && await CacheFiles.HashAsync(path, cancellation).ConfigureAwait(false) == hash)
        {
            _sound[hash] = true;
        }

        return _sound.ContainsKey(hash);
    }

    /// <summary>Removes what was used least recently until the rest is within the capacity.</summary>
    private void Evict(string justFetched)
    {
        var files = _files.ByLastUse();
        var excess = files.Sum(entry => entry.File.Length) - _capacity;
        foreach (var (hash, file) in files)
        {
            if (excess <= 0)
            {
                return;
            }

            if (hash == justFetched)
            {
                continue;
            }

            // Readers and fetchers both hold the lease, so that this one suffices.
            using var alone = _files.TryLease(hash, alone: true);
            if (alone is not null)
            {
                excess -= file.Length;
                file.Delete();
                _sound.TryRemove(hash, out _);
            }
        }
    }

    private async ValueTask<FileStream> WaitForAsync(Func<FileStream?> take, CancellationToken cancellation)
    {
        while (true)
        {
            if (take() is { } held)
            {
                return held;
            }

            await Task.Delay(Poll, _time, cancellation).ConfigureAwait(false);
        }
    }

    private NasClusterException Failed(Exception exception) =>
        new($"The cache directory '{_directory}' cannot be used: {exception.Message.ReplaceLineEndings(" ")}", exception);

    private static bool IsFileSystem(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
