namespace NasCluster.Core.Storage.Contents;

/// <summary>The right to read a directory made of cached contents, until it is disposed.</summary>
public sealed class DirectoryLease : IDisposable
{
    private readonly IReadOnlyList<ContentLease> _files;

    internal DirectoryLease(string path, IReadOnlyList<ContentLease> files)
    {
        (Path, _files) = (path, files);
    }

    /// <summary>The full path of the directory.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }
}
