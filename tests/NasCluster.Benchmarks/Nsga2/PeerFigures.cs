using System.Text.Json;

namespace NasCluster.Benchmarks.Nsga2;

/// <summary>What the peer reached, from <c>peers/nsga2/deap.json</c> of the repository.</summary>
internal sealed record PeerFigures(string Implementation, IReadOnlyDictionary<string, double> Medians)
{
    public static PeerFigures Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement;
        return new PeerFigures(
            root.GetProperty("implementation").GetString() ?? "",
            root.GetProperty("problems").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetProperty("median").GetDouble()));
    }
}
