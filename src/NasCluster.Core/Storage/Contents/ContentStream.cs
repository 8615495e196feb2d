using System.Security.Cryptography;

namespace NasCluster.Core.Storage.Contents;

/// <summary>A content read forwards: fetches a few chunks ahead, and checks each by its hash, and the whole by its own.</summary>
internal sealed class ContentStream : Stream
{
    private const int Ahead = 4;

    private readonly IStateCells _cells;
    private readonly string _hash;
    private readonly ContentManifest _manifest;
    private readonly CancellationTokenSource _closed = new();
    private readonly Queue<Task<ReadOnlyMemory<byte>>> _fetches = new();
    private readonly IncrementalHash? _whole;
    private ReadOnlyMemory<byte> _current;
    private int _next;
    private int _skip;

    public ContentStream(IStateCells cells, string hash, ContentManifest manifest, long offset)
    {
        (_cells, _hash, _manifest) = (cells, hash, manifest);
        offset = Math.Min(offset, manifest.Size);
        _next = (int)(offset / manifest.ChunkSize);
        _skip = (int)(offset % manifest.ChunkSize);

        // From the middle on, the hash of the whole cannot be told; the chunks' own hashes are checked all the same.
        _whole = offset == 0 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
        while (_current.IsEmpty && !buffer.IsEmpty)
        {
            FetchAhead();
            if (!_fetches.TryPeek(out var fetch))
            {
                ThrowIfWholeIsWrong();
                return 0;
            }

            try
            {
                // A wait that is given up leaves the chunk to the next read.
                _current = await fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (StateCellException)
            {
                // The next read asks storage again.
                _next -= _fetches.Count;
                _fetches.Clear();
                throw;
            }

            _ = _fetches.Dequeue();
            _whole?.AppendData(_current.Span);
            _current = _current[Math.Min(_skip, _current.Length)..];
            _skip = 0;
        }

        var count = Math.Min(buffer.Length, _current.Length);
        _current[..count].CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A content is read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed.IsCancellationRequested)
        {
            // Fetches under way end on their own; nobody looks at what they bring.
            _closed.Cancel();
            _whole?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void FetchAhead()
    {
        while (_fetches.Count < Ahead && _next < _manifest.Chunks.Count)
        {
            _fetches.Enqueue(FetchAsync(_next++));
        }
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync(int chunk)
    {
        var name = ContentStore.ChunkName(_manifest.Chunks[chunk]);
        var cell = await _cells.ReadAsync(name, _closed.Token).ConfigureAwait(false)
            ?? throw new NasClusterException($"Content {_hash} is damaged in storage: its chunk {chunk} of {_manifest.Chunks.Count} is missing.");
        return cell.Bytes.Length == _manifest.SizeOf(chunk) && ContentStore.Hash(cell.Bytes.Span) == _manifest.Chunks[chunk]
            ? cell.Bytes
            : throw new NasClusterException($"Content {_hash} is damaged in storage: its chunk {chunk} of {_manifest.Chunks.Count} is not what it was.");
    }

    private void ThrowIfWholeIsWrong()
    {
        if (_whole is not null && Convert.ToHexStringLower(_whole.GetCurrentHash()) != _hash)
        {
            throw new NasClusterException($"Content {_hash} is damaged in storage: its chunks are sound, but together they are another content.");
        }
    }
}
