using NasCluster.Deployment.Tests.Rendering;
using NasCluster.Testing;

namespace NasCluster.Deployment.Tests.Chart;

/// <summary>A copy of the chart that a test may change.</summary>
internal sealed class ChartCopy : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ChartCopy()
    {
        foreach (var file in Directory.EnumerateFiles(ChartFiles.Chart, "*", SearchOption.AllDirectories))
        {
            Write(Path.GetRelativePath(ChartFiles.Chart, file), File.ReadAllText(file));
        }
    }

    public string Folder => _directory.Root;

    public void Write(string relative, string text)
    {
        var path = _directory.At(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Dispose() => _directory.Dispose();
}
