using System.Collections.Immutable;
using System.Security.Cryptography;

namespace NasCluster.Core.Storage.Contents;

/// <summary>Contents in cells: chunks of one MiB, each named by its SHA-256, and for each content a manifest that lists its chunks.</summary>
/// <remarks>
/// <para>
/// The manifest is written last, so a content is there whole or not at all. Equal chunks are stored once, whatever contents they
/// are of; versions of a super-network that differ in a few layers share the rest.
/// </para>
/// <para>Safe to use from several threads at once, and by several processes over the same cells.</para>
/// </remarks>
public sealed class ContentStore : IContentStore
{
    /// <summary>Bytes of a chunk.</summary>
    public const int ChunkSize = 1 << 20;

    private const int Parallelism = 4;
    private const int BatchesPerMark = 4;

    private readonly IStateCells _cells;
    private readonly int _chunkSize;
    private readonly Func<string, CancellationToken, ValueTask<bool>>? _admit;

    /// <summary>Makes a store.</summary>
    /// <param name="cells">The cells of contents alone.</param>
    /// <param name="admit">
    /// Asked before a content is stored: whether what is there of it may be relied on, see <see cref="ContentLedger"/>. Null where nothing is ever deleted.
    /// </param>
    public ContentStore(IStateCells cells, Func<string, CancellationToken, ValueTask<bool>>? admit = null)
        : this(cells, ChunkSize, admit)
    {
    }

    /// <summary>As the other, with another size of chunks, for tests.</summary>
    internal ContentStore(IStateCells cells, int chunkSize, Func<string, CancellationToken, ValueTask<bool>>? admit = null)
    {
        ArgumentNullException.ThrowIfNull(cells);
        _cells = cells;
        _chunkSize = chunkSize;
        _admit = admit;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A hash is none.</exception>
    public async ValueTask<IReadOnlyList<string>> FindMissingAsync(IReadOnlyList<string> hashes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var batch in hashes.Chunk(2 * Parallelism))
        {
            var manifests = await Task.WhenAll(batch.Select(hash => FindAsync(hash, cancellation).AsTask())).ConfigureAwait(false);
            missing.AddRange(batch.Where((_, i) => manifests[i].Manifest is null));
        }

        return missing.ToImmutable();
    }

    /// <inheritdoc/>
    /// <exception cref="NasClusterException">The content changed while it was read.</exception>
    public async ValueTask<string> PutAsync(Stream content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!content.CanSeek)
        {
            throw new ArgumentException("The content must be seekable: it is read once for its hash and once to be stored.", nameof(content));
        }

        var start = content.Position;
        var (hash, manifest) = await DescribeAsync(content, cancellation).ConfigureAwait(false);
        var isReliable = _admit is null || await _admit(hash, cancellation).ConfigureAwait(false);
        var (there, version) = await FindAsync(hash, cancellation).ConfigureAwait(false);
        if (there is not null && isReliable)
        {
            return hash;
        }

        // Chunk by chunk, where what is there cannot be relied on: those that are there stay, and are not written again.
        var mark = new UploadMark(_cells, hash, _chunkSize);
        var marked = await mark.ReadAsync(cancellation).ConfigureAwait(false);
        var stored = isReliable ? Math.Min(marked, manifest.Chunks.Count) : 0;
        content.Position = start + Math.Min((long)stored * _chunkSize, manifest.Size);
        for (var batch = 1; stored < manifest.Chunks.Count; batch++)
        {
            var end = Math.Min(stored + Parallelism, manifest.Chunks.Count);
            var writes = new List<Task>();
            for (var chunk = stored; chunk < end; chunk++)
            {
                var bytes = new byte[manifest.SizeOf(chunk)];
                var read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
                if (read < bytes.Length || Hash(bytes) != manifest.Chunks[chunk])
                {
                    await Task.WhenAll(writes).ConfigureAwait(false);
                    throw new NasClusterException($"The content changed while it was being stored, in its chunk {chunk}; it must stay as it is until then.");
                }

                writes.Add(PutChunkAsync(manifest.Chunks[chunk], bytes, cancellation));
            }

            await Task.WhenAll(writes).ConfigureAwait(false);
            stored = end;
            if (batch % BatchesPerMark == 0 && stored < manifest.Chunks.Count)
            {
                await mark.MoveAsync(stored, cancellation).ConfigureAwait(false);
            }
        }

        await PutManifestAsync(hash, manifest, version, cancellation).ConfigureAwait(false);
        await mark.RemoveAsync(cancellation).ConfigureAwait(false);
        return hash;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The hash is none.</exception>
    public ValueTask<Stream> OpenAsync(string hash, CancellationToken cancellation) => OpenAsync(hash, 0, cancellation);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The hash is none, or the offset is negative.</exception>
    public async ValueTask<Stream> OpenAsync(string hash, long offset, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var (manifest, version) = await FindAsync(hash, cancellation).ConfigureAwait(false);
        return manifest is not null ? new ContentStream(_cells, hash, manifest, offset)
            : version is not null ? throw new NasClusterException($"Content {hash} is damaged in storage: its manifest makes no sense. Store it again.")
            : throw new NasClusterException($"There is no content {hash} in storage.");
    }

    /// <summary>Reads a content from end to end; if it is damaged, it counts as missing from then on, and storing it again mends it.</summary>
    /// <param name="hash">SHA-256, in lower-case hexadecimal.</param>
    /// <param name="cancellation">Gives up; nothing is changed then.</param>
    /// <returns>What is wrong with it, in one line; null if it is sound.</returns>
    /// <exception cref="ArgumentException">The hash is none.</exception>
    /// <exception cref="NasClusterException">There is no such content.</exception>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    public async ValueTask<string?> VerifyAsync(string hash, CancellationToken cancellation)
    {
        var (_, version) = await FindAsync(hash, cancellation).ConfigureAwait(false);
        try
        {
            var stream = await OpenAsync(hash, cancellation).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
            }

            return null;
        }
        catch (NasClusterException exception) when (exception is not StateCellException && version is not null)
        {
            await _cells.DeleteAsync(ManifestName(hash), version, cancellation).ConfigureAwait(false);
            return exception.Message;
        }
    }

    internal static string ChunkName(string chunk) => $"chunk-{chunk}";

    internal static string ManifestName(string hash) => $"content-{hash}";

    internal static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async ValueTask<(ContentManifest? Manifest, string? Version)> FindAsync(string hash, CancellationToken cancellation)
    {
        ContentHash.ThrowIfInvalid(hash);
        var name = ManifestName(hash);
        var cell = await _cells.ReadAsync(name, cancellation).ConfigureAwait(false);
        return (cell is null ? null : ContentManifest.Decode(name, cell.Bytes.Span), cell?.Version);
    }

    private async ValueTask<(string Hash, ContentManifest Manifest)> DescribeAsync(Stream content, CancellationToken cancellation)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunks = new List<string>();
        var buffer = new byte[_chunkSize];
        long size = 0;
        while (true)
        {
            var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (read > 0)
            {
                whole.AppendData(buffer, 0, read);
                chunks.Add(Hash(buffer.AsSpan(0, read)));
                size += read;
            }

            if (read < buffer.Length)
            {
                return (Convert.ToHexStringLower(whole.GetHashAndReset()), new ContentManifest(size, _chunkSize, chunks));
            }
        }
    }

    private async Task PutChunkAsync(string chunk, byte[] bytes, CancellationToken cancellation)
    {
        var name = ChunkName(chunk);
        try
        {
            _ = await _cells.WriteAsync(name, bytes, null, cancellation).ConfigureAwait(false);
        }
        catch (StateCellConflictException)
        {
            // It is there. If it is damaged, this is the occasion to mend it.
            var there = await _cells.ReadAsync(name, cancellation).ConfigureAwait(false);
            if (there is null || !there.Bytes.Span.SequenceEqual(bytes))
            {
                _ = await _cells.WriteAsync(name, bytes, there?.Version, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask PutManifestAsync(string hash, ContentManifest manifest, string? version, CancellationToken cancellation)
    {
        try
        {
            _ = await _cells.WriteAsync(ManifestName(hash), manifest.Encode(), version, cancellation).ConfigureAwait(false);
        }
        catch (StateCellConflictException)
        {
            // Somebody else stored the same content, or an earlier try of this very write arrived.
            if ((await FindAsync(hash, cancellation).ConfigureAwait(false)).Manifest is null)
            {
                throw;
            }
        }
    }
}
