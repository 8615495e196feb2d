using NasCluster.Core;
using NasCluster.Reporting.Fronts;
using NasCluster.Testing;

namespace NasCluster.Reporting.Tests.Fronts;

public sealed class FrontFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Write_OlderFilesThere_AreReplacedAndNothingElseIsLeft()
    {
        var into = Directory.CreateDirectory(_directory.At("out")).FullName;
        File.WriteAllText(Path.Combine(into, "front.csv"), new string('x', 100_000));

        FrontFiles.Write(into, Reports.Small);

        Assert.Equal(["front.csv", "front.json", "front.svg"], Directory.GetFiles(into).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.StartsWith("trial,", File.ReadAllText(Path.Combine(into, "front.csv")), StringComparison.Ordinal);
        Assert.Contains("\"others\"", File.ReadAllText(Path.Combine(into, "front.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DirectoryNotThere_SaysWhichFileAndWhatToDo()
    {
        var path = Path.Combine(_directory.At("none"), "front.json");

        var exception = Assert.Throws<NasClusterException>(() => FrontFiles.Write(_directory.At("none"), Reports.Small, "Try later."));

        Assert.StartsWith($"{path} cannot be written: ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Try later.", exception.Message, StringComparison.Ordinal);
    }
}
