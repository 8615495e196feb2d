namespace NasCluster.Core.Storage.Contents;

/// <summary>Stores directories as contents, and makes directories of them.</summary>
public static class DirectoryContents
{
    /// <summary>Stores the files of a directory, and last a <see cref="DirectoryManifest"/> of them.</summary>
    /// <remarks>Files and directories whose names begin with a dot are left out, and so are linked directories; linked files are followed.</remarks>
    /// <param name="directory">The directory.</param>
    /// <param name="store">Where to.</param>
    /// <param name="cancellation">Gives up; the next attempt goes on where this one ended.</param>
    /// <returns>The hash of the manifest: the fingerprint of the directory.</returns>
    /// <exception cref="NasClusterException">The directory cannot be read, or a path breaks the rule of manifests.</exception>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    public static async ValueTask<string> PutAsync(string directory, IContentStore store, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            var root = new DirectoryInfo(directory);
            var paths = Find(root, "").Order(StringComparer.Ordinal).ToList();

            // The rule first: nothing is sent of a directory that cannot be kept.
            _ = DirectoryManifest.Of(paths.Select(path => new DirectoryFile(path, 0, new string('0', ContentHash.Length))));
            var files = new List<DirectoryFile>();
            foreach (var path in paths)
            {
                var file = new FileStream(Path.Combine(root.FullName, path), FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
                await using (file.ConfigureAwait(false))
                {
                    files.Add(new DirectoryFile(path, file.Length, await store.PutAsync(file, cancellation).ConfigureAwait(false)));
                }
            }

            return await store.PutAsync(new MemoryStream(DirectoryManifest.Of(files).ToJson()), cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"Directory '{directory}' cannot be read: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Reads the manifest of a directory.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="store">Where from.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NasClusterException">There is none, or it is none, or it is damaged.</exception>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    public static async ValueTask<DirectoryManifest> ReadManifestAsync(string hash, IContentStore store, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var stream = await store.OpenAsync(hash, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[4096];
            var read = 0;
            while (true)
            {
                read += await stream.ReadAtLeastAsync(buffer.AsMemory(read), buffer.Length - read, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
                if (read < buffer.Length)
                {
                    return DirectoryManifest.Parse(buffer.AsMemory(0, read));
                }

                if (buffer.Length > DirectoryManifest.MaximumSize)
                {
                    throw new NasClusterException($"Content {hash} is no manifest of a directory: it has more than {DirectoryManifest.MaximumSize} bytes.");
                }

                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
    }

    /// <summary>Makes a directory of links to files of a cache.</summary>
    /// <param name="hash">The hash of its manifest.</param>
    /// <param name="directory">The directory; made if it is not there. Files of the same paths in it are replaced by links.</param>
    /// <param name="cache">Keeps the files.</param>
    /// <param name="store">Where they are fetched from.</param>
    /// <param name="cancellation">Gives up; the next attempt goes on.</param>
    /// <returns>The leases of the files: while they are held, the directory can be read.</returns>
    /// <exception cref="NasClusterException">There is no such directory, it is damaged, or the links cannot be made.</exception>
    /// <exception cref="StateCellException">Storage did not answer.</exception>
    public static async ValueTask<DirectoryLease> MaterialiseAsync(
        string hash, string directory, ContentCache cache, IContentStore store, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(cache);
        var manifest = await ReadManifestAsync(hash, store, cancellation).ConfigureAwait(false);
        var root = Path.GetFullPath(directory);
        var leases = new List<ContentLease>();
        try
        {
            Directory.CreateDirectory(root);
            foreach (var file in manifest.Files)
            {
                var lease = await cache.GetAsync(file.Hash, store, cancellation).ConfigureAwait(false);
                leases.Add(lease);
                if (new FileInfo(lease.Path).Length != file.Size)
                {
                    throw new NasClusterException($"'{file.Path}' of directory {hash} has {new FileInfo(lease.Path).Length} bytes, and {file.Size} by the manifest.");
                }

                Link(root, file.Path, lease.Path);
            }

            return new DirectoryLease(root, leases);
        }
        catch (Exception exception)
        {
            leases.ForEach(lease => lease.Dispose());
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new NasClusterException($"Directory '{root}' cannot be made: {exception.Message.ReplaceLineEndings(" ")}", exception);
            }

            throw;
        }
    }

    private static IEnumerable<string> Find(DirectoryInfo directory, string prefix)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith('.'))
            {
                continue;
            }

            if (entry is not DirectoryInfo inner)
            {
                yield return prefix + entry.Name;
            }
            else if (inner.LinkTarget is null)
            {
                foreach (var path in Find(inner, $"{prefix}{inner.Name}/"))
                {
                    yield return path;
                }
            }
        }
    }

    private static void Link(string root, string path, string target)
    {
        var names = path.Split('/');
        var parent = root;
        foreach (var name in names[..^1])
        {
            parent = Path.Combine(parent, name);
            if (Directory.CreateDirectory(parent).LinkTarget is not null)
            {
                throw new NasClusterException($"'{parent}' is a link; links would lead out of the directory.");
            }
        }

        var link = new FileInfo(Path.Combine(parent, names[^1]));
        if (link.LinkTarget != target)
        {
            link.Delete();
            link.CreateAsSymbolicLink(target);
        }
    }
}
