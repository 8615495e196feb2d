using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Storage;

/// <summary>Reads a run's tables; shared by the store and the reader.</summary>
/// <remarks>Every method throws <see cref="RunStoreException"/> when SQLite fails or a row makes no sense.</remarks>
internal static class RunRows
{
    private const string OutcomeColumns = "sequence, trial, genome, key, objective_values, violation, failure, source, at";

    public static RunSpecification Specification(SqliteConnection connection, string path)
    {
        var texts = Read(connection, path, "SELECT yaml, canonical FROM specification", r => (Yaml: r.GetString(0), Canonical: r.GetString(1)));
        var provenance = Read(connection, path, "SELECT name, value FROM provenance", r => KeyValuePair.Create(r.GetString(0), r.GetString(1)));
        return texts.Length == 1
            ? new RunSpecification(texts[0].Yaml, texts[0].Canonical, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, provenance))
            : throw SqliteFailure.Damaged(path, $"it holds {texts.Length} specifications in place of one");
    }

    /// <summary>The outcome log from a sequence number on; without gaps.</summary>
    public static ImmutableArray<OutcomeRecord> Outcomes(SqliteConnection connection, string path, long from = 0)
    {
        var outcomes = Read(connection, path, $"SELECT {OutcomeColumns} FROM outcomes WHERE sequence >= $a ORDER BY sequence", Outcome, from);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Sequence != from + i)
            {
                throw SqliteFailure.Damaged(path, $"the outcome log goes from {from + i - 1} to {outcomes[i].Sequence}");
            }
        }

        return outcomes;
    }

    public static OutcomeRecord? OutcomeAt(SqliteConnection connection, string path, long sequence) =>
        Read(connection, path, $"SELECT {OutcomeColumns} FROM outcomes WHERE sequence = $a", Outcome, sequence).SingleOrDefault();

    /// <summary>How many values a trial's outcome has, 0 for a failure; null where there is no outcome.</summary>
    public static int? ValueCount(SqliteConnection connection, string path, TrialId trial) =>
        Read(connection, path, "SELECT objective_values FROM outcomes WHERE trial = $a", r => (int?)RowFormat.Values(Blob(r, 0)).Length, trial.Value)
            .SingleOrDefault();

    public static long OutcomeCount(SqliteConnection connection) =>
        RunDatabase.Number(connection, "SELECT coalesce(max(sequence) + 1, 0) FROM outcomes");

    public static ImmutableArray<StartRecord> Starts(SqliteConnection connection, string path) =>
        Read(connection, path, "SELECT lease, trial, evaluator, at FROM starts ORDER BY lease, trial", Start);

    public static StartRecord? StartAt(SqliteConnection connection, string path, LeaseId lease, TrialId trial) =>
        Read(connection, path, "SELECT lease, trial, evaluator, at FROM starts WHERE lease = $a AND trial = $b", Start, lease.Value, trial.Value)
            .SingleOrDefault();

    public static ImmutableArray<HypervolumePoint> Hypervolume(SqliteConnection connection, string path) =>
        Read(connection, path, "SELECT sequence, evaluations, reference_point, hypervolume FROM hypervolume ORDER BY sequence", r =>
            new HypervolumePoint(r.GetInt64(0), r.GetInt64(1), RowFormat.Doubles(Blob(r, 2)), RowFormat.Doubles(Blob(r, 3)).Single()));

    /// <summary>Values on the report set; each has as many and as finite values as its trial's outcome.</summary>
    public static ImmutableSortedDictionary<TrialId, ImmutableArray<ObjectiveValue>> ReportValues(SqliteConnection connection, string path) =>
        ImmutableSortedDictionary.CreateRange(Read(
            connection, path,
            "SELECT trial, report_values.objective_values, length(outcomes.objective_values) FROM report_values LEFT JOIN outcomes USING (trial)",
            row => KeyValuePair.Create(new TrialId(row.GetInt64(0)), Report(Blob(row, 1), row.GetInt64(2)))));

    public static RecoveredState Recovered(SqliteConnection connection, string path)
    {
        var snapshot = Read(connection, path, "SELECT position, next_lease, algorithm, version, state FROM snapshot", r =>
            new ControllerSnapshot(r.GetInt64(0), r.GetInt64(1), new SearchSnapshot(r.GetString(2), r.GetInt32(3), [.. Blob(r, 4)]))).SingleOrDefault();
        var outcomes = Outcomes(connection, path);
        if (snapshot is not null && snapshot.Position > outcomes.Length)
        {
            throw SqliteFailure.Damaged(path, $"its snapshot covers {snapshot.Position} outcomes, but the log holds {outcomes.Length}");
        }

        var afterStarts = Read(connection, path, "SELECT coalesce(max(lease) + 1, 0) FROM starts", r => r.GetInt64(0)).Single();
        return new RecoveredState(snapshot, Math.Max(afterStarts, snapshot?.NextLease ?? 0), outcomes);
    }

    private static OutcomeRecord Outcome(SqliteDataReader row)
    {
        var outcome = row.IsDBNull(6)
            ? EvaluationOutcome.Success(RowFormat.Values(Blob(row, 4)), RowFormat.Doubles(Blob(row, 5)).Single())
            : EvaluationOutcome.Failed(row.GetString(6));
        return new OutcomeRecord(
            row.GetInt64(0), new Trial(new TrialId(row.GetInt64(1)), RowFormat.Genome(row.GetString(2))), new EvaluationKey(row.GetString(3)),
            outcome, RowFormat.Source(row.GetString(7)), RowFormat.Time(row.GetString(8)));
    }

    private static ImmutableArray<ObjectiveValue> Report(byte[] bytes, long bytesOfOutcome) => bytes.Length == bytesOfOutcome
        ? EvaluationOutcome.Success(RowFormat.Values(bytes)).Values
        : throw new FormatException($"its {bytes.Length} bytes of values stand beside an outcome's {bytesOfOutcome}");

    private static StartRecord Start(SqliteDataReader row) =>
        new(new LeaseId(row.GetInt64(0)), new TrialId(row.GetInt64(1)), new EvaluatorId(row.GetString(2)), RowFormat.Time(row.GetString(3)));

    private static byte[] Blob(SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    private static ImmutableArray<T> Read<T>(SqliteConnection connection, string path, string sql, Func<SqliteDataReader, T> row, long a = 0, long b = 0)
    {
        var rows = ImmutableArray.CreateBuilder<T>();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("$a", a);
            command.Parameters.AddWithValue("$b", b);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }
        }
        catch (SqliteException exception)
        {
            throw SqliteFailure.Describe(path, exception);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or InvalidCastException or InvalidOperationException)
        {
            throw SqliteFailure.Damaged(path, $"row {rows.Count} of '{sql}' makes no sense ({exception.Message})", exception);
        }

        return rows.ToImmutable();
    }
}
