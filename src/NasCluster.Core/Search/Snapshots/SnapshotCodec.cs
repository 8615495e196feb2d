using System.Collections.Immutable;
using System.Security.Cryptography;

namespace NasCluster.Core.Search.Snapshots;

/// <summary>The frame around a search's state: SHA-256 of the options it belongs to, the state, SHA-256 of both.</summary>
internal static class SnapshotCodec
{
    private const int HashSize = SHA256.HashSizeInBytes;

    public static SearchSnapshot Encode(
        AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space, Action<StateWriter> writeState)
    {
        using var writer = new StateWriter();
        writer.Write(Fingerprint(algorithm, options, space));
        writeState(writer);
        var body = writer.ToArray();
        return new SearchSnapshot(algorithm.Algorithm, algorithm.SnapshotVersion, [.. body, .. SHA256.HashData(body)]);
    }

    /// <exception cref="NasClusterException">The snapshot is not this search's, or not whole.</exception>
    public static ISearch Decode(SearchSnapshot snapshot, AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space)
    {
        if (snapshot.Algorithm != algorithm.Algorithm)
        {
            throw new NasClusterException($"The snapshot is of algorithm {snapshot.Algorithm}; this search is {algorithm.Algorithm}.");
        }

        if (snapshot.Version != algorithm.SnapshotVersion)
        {
            throw new NasClusterException(
                $"The {snapshot.Algorithm} snapshot has version {snapshot.Version}; this program reads version {algorithm.SnapshotVersion}.");
        }

        var bytes = snapshot.Bytes.IsDefault ? [] : snapshot.Bytes.ToArray();
        var bodySize = bytes.Length - HashSize;
        if (bodySize < HashSize || !SHA256.HashData(bytes.AsSpan(0, bodySize)).AsSpan().SequenceEqual(bytes.AsSpan(bodySize)))
        {
            throw new NasClusterException(
                $"The {snapshot.Algorithm} snapshot is damaged: its {bytes.Length} bytes do not match their checksum.");
        }

        if (!Fingerprint(algorithm, options, space).AsSpan().SequenceEqual(bytes.AsSpan(0, HashSize)))
        {
            throw new NasClusterException(
                $"The {snapshot.Algorithm} snapshot is of a search with other options, another seed or another space; all must be as they were.");
        }

        try
        {
            using var state = new StateReader(bytes, HashSize, bodySize - HashSize);
            var search = algorithm.Restore(options, space, state);
            return state.AtEnd ? search : throw new InvalidDataException("Bytes are left over.");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new NasClusterException($"The {snapshot.Algorithm} snapshot is damaged: {exception.Message}", exception);
        }
    }

    private static byte[] Fingerprint(AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space)
    {
        using var writer = new StateWriter();
        algorithm.Describe(writer);
        writer.Write(options.Objectives.Length);
        foreach (var objective in options.Objectives)
        {
            writer.Write(objective.Name);
            writer.Write((int)objective.Direction);
        }

        writer.Write(options.Budget);
        writer.Write((long)options.Seed);
        writer.Write(options.InFlight);
        var initial = options.InitialGenomes.IsDefault ? ImmutableArray<Genome>.Empty : options.InitialGenomes;
        writer.Write(initial.Length);
        writer.Write(initial, space.Cardinalities);
        writer.Write(space.Cardinalities.Length);
        foreach (var cardinality in space.Cardinalities)
        {
            writer.Write(cardinality);
        }

        writer.Write(space.DistinctCount.ToByteArray());
        return SHA256.HashData(writer.ToArray());
    }
}
