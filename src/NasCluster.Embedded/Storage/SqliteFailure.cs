using Microsoft.Data.Sqlite;
using NasCluster.Core.Control;

namespace NasCluster.Embedded.Storage;

/// <summary>Says in one line what SQLite could not do, and whether trying again can help.</summary>
internal static class SqliteFailure
{
    // SQLite's primary result codes.
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int NotADatabase = 26;

    // Extended code: the index of the write-ahead log cannot grow.
    private const int SharedMemorySize = 4874;

    public static RunStoreException Describe(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        NotADatabase => new($"'{path}' is not an SQLite file.", true, exception),
        Corrupt => Damaged(path, Reason(exception), exception),
        Constraint => new($"'{path}': the write contradicts what is recorded ({Reason(exception)}).", true, exception),
        Full => new($"'{path}' cannot grow: the disk is full.", false, exception),
        ReadOnly => new($"'{path}' cannot be written: it or its directory is read-only.", false, exception),
        InputOutput when exception.SqliteExtendedErrorCode == SharedMemorySize => new($"'{path}' cannot be opened: the disk is full.", false, exception),
        InputOutput => new($"'{path}': reading or writing failed ({Reason(exception)}; code {exception.SqliteExtendedErrorCode}).", false, exception),
        Busy => new($"'{path}' is locked by another program.", false, exception),
        CannotOpen => new($"'{path}' cannot be opened ({Reason(exception)}).", false, exception),
        _ => new($"'{path}': {Reason(exception)} (SQLite code {exception.SqliteExtendedErrorCode}).", false, exception),
    };

    /// <summary>Whether SQLite wanted to write, or make a file beside the database, and might not.</summary>
    public static bool IsAboutWriting(SqliteException exception) => exception.SqliteErrorCode is ReadOnly or CannotOpen;

    public static RunStoreException Damaged(string path, string reason, Exception? exception = null) =>
        new($"'{path}' is damaged: {reason.ReplaceLineEndings(" ").TrimEnd('.')}.", true, exception);

    private static string Reason(SqliteException exception)
    {
        // "SQLite Error 11: 'database disk image is malformed'." -> the quoted part.
        var first = exception.Message.IndexOf('\'', StringComparison.Ordinal);
        var last = exception.Message.LastIndexOf('\'');
        return (first >= 0 && last > first ? exception.Message[(first + 1)..last] : exception.Message).ReplaceLineEndings(" ");
    }
}
