using System.Text;
using NasCluster.Core;

namespace NasCluster.SmallWorld.Files;

/// <summary>Writes files that are there whole or not at all.</summary>
internal static class NewFile
{
    /// <summary>Writes text as UTF-8, under another name until all of it is on disk.</summary>
    /// <exception cref="NasClusterException">It cannot be written, or is there already.</exception>
    public static T Write<T>(string path, Func<StreamWriter, T> write) => WriteStream(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        var result = write(writer);
        writer.Flush();
        return result;
    });

    /// <summary>Writes bytes likewise.</summary>
    /// <exception cref="NasClusterException">It cannot be written, or is there already.</exception>
    public static void Write(string path, byte[] bytes) => WriteStream(path, stream =>
    {
        stream.Write(bytes);
        return 0;
    });

    /// <summary>Makes a directory, and those above it, unless it is there.</summary>
    /// <exception cref="NasClusterException">It cannot be made.</exception>
    public static void MakeDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"Directory {path} cannot be made: {e.Message}", e);
        }
    }

    private static T WriteStream<T>(string path, Func<FileStream, T> write)
    {
        var temporary = path + ".new";
        try
        {
            T result;
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                result = write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw new NasClusterException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What kept it from being written keeps it from being deleted; the former is reported.
        }
    }
}
