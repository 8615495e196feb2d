using System.Buffers.Binary;
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
    public LogLikelihood[]? Find(string key, int first, int count)
    {
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT portion FROM likelihoods WHERE key = $key AND first = $first";
            command.Parameters.AddWithValue("$key", key);
            command.Parameters.AddWithValue("$first", first);
            return command.ExecuteScalar() is byte[] portion
                ? portion.Length == count * BytesOfOne
                    ? Read(portion)
                    : throw SqliteFailure.Damaged(_path, $"a portion of {count} likelihoods has {portion.Length} bytes")
                : null;
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

    // The sums as eight bytes each, little-endian, then whether each was greedy as a byte each.
    private static byte[] Write(ReadOnlySpan<LogLikelihood> likelihoods)
    {
        var portion = new byte[likelihoods.Length * BytesOfOne];
        for (var i = 0; i < likelihoods.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(portion.AsSpan(i * sizeof(double)), likelihoods[i].Sum);
            portion[(likelihoods.Length * sizeof(double)) + i] = likelihoods[i].IsGreedy ? (byte)1 : (byte)0;
        }

        return portion;
    }

    private static LogLikelihood[] Read(byte[] portion)
    {
        var likelihoods = new LogLikelihood[portion.Length / BytesOfOne];
        for (var i = 0; i < likelihoods.Length; i++)
        {
            likelihoods[i] = new LogLikelihood(
                BinaryPrimitives.ReadDoubleLittleEndian(portion.AsSpan(i * sizeof(double))), portion[(likelihoods.Length * sizeof(double)) + i] != 0, []);
        }

        return likelihoods;
    }
}
