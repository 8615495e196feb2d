using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Storage;

/// <summary>Remembered outcomes in one SQLite file, which several programs may use at once. Not thread-safe.</summary>
public sealed class SqliteEvaluationCache : IEvaluationCache, IDisposable
{
    /// <summary>"NasE": what the file's header says it is a file of.</summary>
    private const int ApplicationId = 0x4E617345;

    private const int Version = 1;

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private SqliteEvaluationCache(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <summary>Opens a cache, making it where there is none.</summary>
    /// <param name="path">The file; its directory must be there.</param>
    /// <exception cref="NasClusterException">The file is something else, damaged, of a newer version, or cannot be opened.</exception>
    public static SqliteEvaluationCache Open(string path)
    {
        path = Path.GetFullPath(path);
        return new(SharedDatabase.Open(path, ApplicationId, Version, "cache of evaluations", """
            CREATE TABLE evaluations (key TEXT PRIMARY KEY, objective_values BLOB NOT NULL, violation BLOB NOT NULL) STRICT, WITHOUT ROWID;
            """), path);
    }

    /// <inheritdoc/>
    public ImmutableDictionary<EvaluationKey, EvaluationOutcome> Find(IReadOnlyList<EvaluationKey> keys)
    {
        try
        {
            var found = ImmutableDictionary.CreateBuilder<EvaluationKey, EvaluationOutcome>();
            using var command = _connection.CreateCommand();
            command.CommandText = "SELECT objective_values, violation FROM evaluations WHERE key = $key";
            var parameter = command.Parameters.Add("$key", SqliteType.Text);
            foreach (var key in keys)
            {
                parameter.Value = key.Value;
                using var reader = command.ExecuteReader();
                if (reader.Read())
                {
                    found[key] = EvaluationOutcome.Success(
                        RowFormat.Values(reader.GetFieldValue<byte[]>(0)), RowFormat.Doubles(reader.GetFieldValue<byte[]>(1)).Single());
                }
            }

            return found.ToImmutable();
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Describe(_path, exception);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException or InvalidCastException)
        {
            throw SqliteFailure.Damaged(_path, $"an outcome makes no sense ({exception.Message})", exception);
        }
    }

    /// <inheritdoc/>
    public void Remember(IReadOnlyList<OutcomeRecord> outcomes)
    {
        try
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            foreach (var record in outcomes.Where(o => o is { Source: OutcomeSource.Evaluated, Outcome.IsSuccess: true }))
            {
                RunDatabase.Execute(_connection,
                    "INSERT INTO evaluations (key, objective_values, violation) VALUES ($key, $values, $violation) ON CONFLICT (key) DO NOTHING",
                    ("$key", record.Key.Value), ("$values", RowFormat.Values(record.Outcome.Values)),
                    ("$violation", RowFormat.Doubles([record.Outcome.ConstraintViolation])));
            }

            transaction.Commit();
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Describe(_path, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
