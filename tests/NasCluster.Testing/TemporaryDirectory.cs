namespace NasCluster.Testing;

/// <summary>A directory of its own for one test, deleted with it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("nas-test-").FullName;

    /// <summary>A path inside it.</summary>
    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file in it.</summary>
    /// <returns>The file's path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Writes a file in it.</summary>
    /// <returns>The file's path.</returns>
    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
