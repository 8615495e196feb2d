using System.Collections.Concurrent;
using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Catalog;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Silo.Evaluation;

/// <summary>The super-networks in a mounted directory: one model directory or file each, called by the name it has there.</summary>
internal sealed class SuperNetworkDirectory(string? directory)
{
    private readonly ConcurrentDictionary<string, (DateTime Changed, SuperNetworkInfo Info)> _known = new(StringComparer.Ordinal);

    /// <summary>Where the super-network of a name lies; null when there is none.</summary>
    public string? Find(string name)
    {
        if (directory is null || !CatalogName.TryParse(name, out _))
        {
            return null;
        }

        var path = Path.Combine(directory, name);
        return Path.Exists(path) ? path : null;
    }

    /// <summary>Where a super-network of a fingerprint lies; null when there is none.</summary>
    public string? FindFingerprint(string fingerprint) => All().Where(n => n.Info.Fingerprint == fingerprint).Select(n => n.Path).FirstOrDefault();

    /// <summary>Fingerprints of all super-networks there are now.</summary>
    public ImmutableArray<string> Fingerprints => [.. All().Select(n => n.Info.Fingerprint).Distinct(StringComparer.Ordinal)];

    /// <summary>What a super-network is, as the CPU engine holds it.</summary>
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
        var info = CpuSuperNetwork.Identify(checkpoint);
        _known[path] = (changed, info);
        return info;
    }

    private IEnumerable<(string Path, SuperNetworkInfo Info)> All()
    {
        if (directory is null || !Directory.Exists(directory))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            if (Find(Path.GetFileName(path)) is not null && TryIdentify(path) is { } info)
            {
                yield return (path, info);
            }
        }
    }

    private SuperNetworkInfo? TryIdentify(string path)
    {
        try
        {
            return Identify(path);
        }
        catch (NasClusterException)
        {
            return null; // Tokenizers and half-copied models lie there too.
        }
    }
}
