using System.Text;

namespace NasCluster.Reporting;

/// <summary>Text files that are written whole or stay as they were: a reader never sees half of one.</summary>
public static class ReplacedFile
{
    /// <summary>Writes a new file and puts it in the old one's place.</summary>
    /// <param name="path">Where.</param>
    /// <param name="write">Writes what it is to hold, as UTF-8.</param>
    /// <exception cref="IOException">It cannot be written; the old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old one is as it was.</exception>
    public static void Write(string path, Action<TextWriter> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        var temporary = path + ".new";
        try
        {
            using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(false)))
            {
                write(writer);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw;
        }
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What kept it from being written keeps it from being deleted; the former is reported.
        }
    }
}
