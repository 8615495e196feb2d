namespace NasCluster.Embedded.Storage;

/// <summary>The tables of a run's SQLite file.</summary>
internal static class RunSchema
{
    /// <summary>"NasC": what the file's header says it is a file of.</summary>
    public const int ApplicationId = 0x4E617343;

    /// <summary>Raised whenever the tables change; kept in the header as <c>user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>Makes the tables in an empty file.</summary>
    /// <remarks>
    /// The unique indices hold the log to its rules whatever the program does: a trial has one outcome, a key is evaluated once.
    /// <c>sessions</c> has a row per process that opened the run for writing; the newest alone may write.
    /// </remarks>
    public static readonly string Create = $"""
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};
        CREATE TABLE specification (
            id INTEGER PRIMARY KEY CHECK (id = 1), yaml TEXT NOT NULL, canonical TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
        CREATE TABLE provenance (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE sessions (session INTEGER PRIMARY KEY, process INTEGER NOT NULL, host TEXT NOT NULL, opened_at TEXT NOT NULL) STRICT;
        CREATE TABLE starts (
            lease INTEGER NOT NULL, trial INTEGER NOT NULL, evaluator TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (lease, trial)) STRICT, WITHOUT ROWID;
        CREATE TABLE outcomes (
            sequence INTEGER PRIMARY KEY, trial INTEGER NOT NULL UNIQUE, genome TEXT NOT NULL, key TEXT NOT NULL,
            objective_values BLOB NOT NULL, violation BLOB NOT NULL, failure TEXT, source TEXT NOT NULL, at TEXT NOT NULL) STRICT;
        CREATE UNIQUE INDEX outcomes_evaluated_key ON outcomes (key) WHERE source = 'evaluated';
        CREATE TABLE snapshot (
            id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, next_lease INTEGER NOT NULL,
            algorithm TEXT NOT NULL, version INTEGER NOT NULL, state BLOB NOT NULL) STRICT;
        CREATE TABLE hypervolume (
            sequence INTEGER PRIMARY KEY, evaluations INTEGER NOT NULL, reference_point BLOB NOT NULL, hypervolume BLOB NOT NULL) STRICT;
        CREATE TABLE report_values (trial INTEGER PRIMARY KEY REFERENCES outcomes (trial), objective_values BLOB NOT NULL) STRICT;
        """;
}
