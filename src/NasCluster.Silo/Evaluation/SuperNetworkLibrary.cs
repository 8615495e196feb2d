using System.Collections.Concurrent;
using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Engines;
using NasCluster.Silo.Configuration;

namespace NasCluster.Silo.Evaluation;

/// <summary>The super-networks this silo can hold: those in a mounted directory, and those the cluster has stored, fetched when first needed.</summary>
/// <remarks>A mounted one goes before a stored one of the same name. Mounted ones are called by the name of their directory or file.</remarks>
internal sealed class SuperNetworkLibrary(SuperNetworkSettings settings, ILlamaEngine engine, StoredSuperNetworks stored, IContentStore contents, ContentCache cache)
{
    private const string Unnamed = "unnamed";
    private readonly ConcurrentDictionary<string, (DateTime Changed, SuperNetworkInfo Info)> _known = new(StringComparer.Ordinal);

    /// <summary>Fingerprints of all super-networks there are now.</summary>
    public ImmutableArray<string> Fingerprints =>
        [.. Mounted().Select(m => m.Info.Fingerprint).Concat(stored.All.Select(s => s.Fingerprint).OfType<string>()).Distinct(StringComparer.Ordinal)];

    /// <summary>The files of the super-network of a name.</summary>
    /// <exception cref="NasClusterException">There is none.</exception>
    public async ValueTask<ModelFiles> FindAsync(string name, CancellationToken cancellation)
    {
        if (Entries().FirstOrDefault(path => NameOf(path) == name) is { } mounted)
        {
            return new ModelFiles(mounted, null);
        }

        await stored.RefreshAsync(cancellation);
        return stored.All.FirstOrDefault(s => s.Name == name) is { } found
            ? await FetchAsync(found.Hash, cancellation)
            : throw new NasClusterException($"The cluster has no super-network '{name}'; 'nasctl supernet upload' stores one.");
    }

    /// <summary>The files of the super-network of a fingerprint.</summary>
    /// <exception cref="NasClusterException">There is none.</exception>
    public async ValueTask<ModelFiles> FindFingerprintAsync(string fingerprint, CancellationToken cancellation)
    {
        if (Mounted().Where(m => m.Info.Fingerprint == fingerprint).Select(m => m.Path).FirstOrDefault() is { } mounted)
        {
            return new ModelFiles(mounted, null);
        }

        return stored.All.FirstOrDefault(s => s.Fingerprint == fingerprint) is { } found
            ? await FetchAsync(found.Hash, cancellation)
            : throw new NasClusterException($"The super-network of fingerprint {fingerprint} is not here.");
    }

    /// <summary>Fetches a stored super-network that may have no name yet.</summary>
    /// <param name="hash">SHA-256 of its directory's manifest.</param>
    /// <param name="cancellation">Gives up; what was fetched stays.</param>
    /// <exception cref="NasClusterException">There is no such directory, or it is damaged.</exception>
    public async ValueTask<ModelFiles> FetchAsync(string hash, CancellationToken cancellation)
    {
        var lease = await DirectoryContents.MaterialiseAsync(hash, Path.Combine(settings.CacheDirectory, "models", hash), cache, contents, cancellation);

        // A llama2.c model is one file; whatever else is in the directory belongs to it.
        return Directory.GetFiles(lease.Path, "*.bin") is [var file] && !File.Exists(Path.Combine(lease.Path, "config.json"))
            ? new ModelFiles(file, lease)
            : new ModelFiles(lease.Path, lease);
    }

    /// <summary>What a super-network is, as the engine holds it.</summary>
    /// <exception cref="NasClusterException">It cannot be read.</exception>
    public SuperNetworkInfo Identify(string path)
    {
        // Hashing a large model takes minutes: done once, and again only when it was changed.
        var changed = Directory.GetLastWriteTimeUtc(path);
        if (_known.TryGetValue(path, out var known) && known.Changed == changed)
        {
            return known.Info;
        }

        using var checkpoint = LlamaCheckpoints.Open(path);
        var info = engine.Identify(checkpoint);
        _known[path] = (changed, info);
        return info;
    }

    private static string NameOf(string path) =>
        CatalogName.Suggested(path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path), Unnamed).Value;

    private IEnumerable<string> Entries() => settings.Directory is { } directory && Directory.Exists(directory)
        ? Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal)
        : [];

    private IEnumerable<(string Path, SuperNetworkInfo Info)> Mounted()
    {
        foreach (var path in Entries())
        {
            if (TryIdentify(path) is { } info)
            {
                yield return (path, info);
            }
        }
    }

    private SuperNetworkInfo? TryIdentify(string path)
    {
        try
        {
            return Directory.Exists(path) || path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) ? Identify(path) : null;
        }
        catch (NasClusterException)
        {
            return null; // Half-copied models lie there too.
        }
    }
}
