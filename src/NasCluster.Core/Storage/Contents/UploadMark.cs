using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NasCluster.Core.Storage.Contents;

/// <summary>A cell that says how far an upload has come, so that one that was interrupted sends nothing twice.</summary>
/// <remarks>It is a hint: losing it costs time, and whoever else uploads the same content may move it.</remarks>
internal sealed class UploadMark(IStateCells cells, string hash, int chunkSize)
{
    private readonly string _name = NameOf(hash);
    private string? _version;

    public static string NameOf(string hash) => $"upload-{hash}";

    /// <summary>How many chunks from the start are stored.</summary>
    public async ValueTask<int> ReadAsync(CancellationToken cancellation)
    {
        var cell = await cells.ReadAsync(_name, cancellation).ConfigureAwait(false);
        _version = cell?.Version;
        if (cell is null || cell.Bytes.Length != 8 + SHA256.HashSizeInBytes)
        {
            return 0;
        }

        // Chunks of another size are other chunks. A damaged mark would leave holes, so it has a checksum too.
        var stored = BinaryPrimitives.ReadInt32LittleEndian(cell.Bytes.Span[4..]);
        return stored >= 0 && cell.Bytes.Span.SequenceEqual(Encode(stored)) ? stored : 0;
    }

    /// <summary>Moves the mark.</summary>
    public async ValueTask MoveAsync(int stored, CancellationToken cancellation)
    {
        try
        {
            _version = await cells.WriteAsync(_name, Encode(stored), _version, cancellation).ConfigureAwait(false);
        }
        catch (StateCellConflictException)
        {
            // Somebody else uploads the same; take his version, so that the next move does not fail for the same reason.
            _version = (await cells.ReadAsync(_name, cancellation).ConfigureAwait(false))?.Version;
        }
    }

    /// <summary>Takes the mark away.</summary>
    public async ValueTask RemoveAsync(CancellationToken cancellation)
    {
        try
        {
            if (_version is not null)
            {
                await cells.DeleteAsync(_name, _version, cancellation).ConfigureAwait(false);
            }
        }
        catch (StateCellException) when (!cancellation.IsCancellationRequested)
        {
            // The content is whole: a mark that stays does no harm.
        }
    }

    private byte[] Encode(int stored)
    {
        var bytes = new byte[8 + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, chunkSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), stored);
        SHA256.HashData(bytes.AsSpan(0, 8), bytes.AsSpan(8));
        return bytes;
    }
}
