namespace NasCluster.Core.Storage;

/// <summary>Contents of any size by their SHA-256: the weights of super-networks, evaluation sets, texts.</summary>
/// <remarks>A content never changes, so whoever has the hash has the content, and storing it twice stores it once.</remarks>
public interface IContentStore
{
    /// <summary>Which of some contents are not here, whole.</summary>
    /// <param name="hashes">SHA-256, in lower-case hexadecimal.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    ValueTask<IReadOnlyList<string>> FindMissingAsync(IReadOnlyList<string> hashes, CancellationToken cancellation);

    /// <summary>Stores a content; what an interrupted attempt has stored is not stored again.</summary>
    /// <param name="content">Read from its current position to its end; it must be seekable.</param>
    /// <param name="cancellation">Gives up; the next attempt goes on where this one ended.</param>
    /// <returns>Its SHA-256, in lower-case hexadecimal.</returns>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    ValueTask<string> PutAsync(Stream content, CancellationToken cancellation);

    /// <summary>Opens a content to be read once, forwards; whatever was damaged in storage fails as it is read.</summary>
    /// <param name="hash">SHA-256, in lower-case hexadecimal.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="NasClusterException">There is no such content.</exception>
    ValueTask<Stream> OpenAsync(string hash, CancellationToken cancellation);

    /// <summary>Opens a content to be read once, forwards, from some place on.</summary>
    /// <remarks>Stores that can leave out what is before the place do so; this one reads over it.</remarks>
    /// <param name="hash">SHA-256, in lower-case hexadecimal.</param>
    /// <param name="offset">How many bytes to leave out; beyond the end the stream is empty.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="NasClusterException">There is no such content.</exception>
    async ValueTask<Stream> OpenAsync(string hash, long offset, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var stream = await OpenAsync(hash, cancellation).ConfigureAwait(false);
        try
        {
            var over = new byte[64 << 10];
            while (offset > 0)
            {
                var read = await stream.ReadAsync(over.AsMemory(0, (int)Math.Min(over.Length, offset)), cancellation).ConfigureAwait(false);
                offset = read == 0 ? 0 : offset - read;
            }

            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
