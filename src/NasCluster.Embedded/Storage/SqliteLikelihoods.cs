using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Running;

namespace NasCluster.Embedded.Storage;

/// <summary>Likelihoods of evaluated tasks in one SQLite file, which several programs may use at once. Not thread-safe.</summary>
public sealed class SqliteLikelihoods : ILikelihoodStore, IDisposable
{
    /// <summary>"NasL": what the file's header says it is a file of.</summary>
    private const int ApplicationId = 0x4E61734C;

    private const int Version = 1;
    private const int BytesOfOne = sizeof(double) + 1;

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private SqliteLikelihoods(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <summary>Opens a file, making it where there is none.</summary>
    /// <param name="path">The file; its directory must be there.</param>
    /// <exception cref="NasClusterException">The file is something else, damaged, of a newer version, or cannot be opened.</exception>
    public static SqliteLikelihoods Open(string path)
    {
        path = Path.GetFullPath(path);
        return new(SharedDatabase.Open(path, ApplicationId, Version, "file of likelihoods", """
            CREATE TABLE likelihoods (key TEXT NOT NULL, first INTEGER NOT NULL, portion BLOB NOT NULL, PRIMARY KEY (key, first)) STRICT, WITHOUT ROWID;
            """), path);
    }

    /// <inheritdoc/>
    public LogLikelihood[]? Find(string key, int first, ImmutableArray<ScoringRequest> requests)
    {
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT portion FROM likelihoods WHERE key = $key AND first = $first";
            command.Parameters.AddWithValue("$key", key);
            command.Parameters.AddWithValue("$first", first);
            if (command.ExecuteScalar() is not byte[] portion)
            {
                return null;
            }

            var bytes = requests.Sum(r => (long)BytesOfOne + (sizeof(float) * PerToken(r)));
            return portion.Length == bytes ? Read(portion, requests) : throw SqliteFailure.Damaged(_path, $"a portion of {requests.Length} likelihoods has {portion.Length} bytes, not {bytes}");
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Describe(_path, exception);
        }
    }

    /// <inheritdoc/>
    public void Keep(string key, int first, ReadOnlySpan<LogLikelihood> likelihoods)
    {
        try
        {
            // Another program may have been faster: likelihoods of one key are the same.
            RunDatabase.Execute(
                _connection, "INSERT INTO likelihoods (key, first, portion) VALUES ($key, $first, $portion) ON CONFLICT (key, first) DO NOTHING",
                ("$key", key), ("$first", first), ("$portion", Write(likelihoods)));
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Describe(_path, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static int PerToken(ScoringRequest request) => request.PerToken ? request.ScoredCount : 0;

    // Each likelihood, little-endian: its sum as eight bytes, whether it was greedy as one, then its tokens' own as four bytes each.
    private static byte[] Write(ReadOnlySpan<LogLikelihood> likelihoods)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            foreach (var likelihood in likelihoods)
            {
                writer.Write(likelihood.Sum);
                writer.Write(likelihood.IsGreedy);
                foreach (var token in likelihood.PerToken)
                {
                    writer.Write(token);
                }
            }
        }

        return stream.ToArray();
    }

    private static LogLikelihood[] Read(byte[] portion, ImmutableArray<ScoringRequest> requests)
    {
        using var reader = new BinaryReader(new MemoryStream(portion));
        var likelihoods = new LogLikelihood[requests.Length];
        for (var i = 0; i < likelihoods.Length; i++)
        {
            var (sum, isGreedy) = (reader.ReadDouble(), reader.ReadBoolean());
            var perToken = new float[PerToken(requests[i])];
            for (var t = 0; t < perToken.Length; t++)
            {
                perToken[t] = reader.ReadSingle();
            }

            likelihoods[i] = new LogLikelihood(sum, isGreedy, [.. perToken]);
        }

        return likelihoods;
    }
}
