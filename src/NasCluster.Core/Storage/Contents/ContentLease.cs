namespace NasCluster.Core.Storage.Contents;

/// <summary>The right to read a file of a <see cref="ContentCache"/>: until it is disposed, no process removes the file.</summary>
public sealed class ContentLease : IDisposable
{
    private readonly FileStream _lock;

    internal ContentLease(string hash, string path, FileStream held)
    {
        (Hash, Path, _lock) = (hash, path, held);
    }

    /// <summary>The content's SHA-256, in lower-case hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>The full path of the file, which is whole; not to be written to.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
