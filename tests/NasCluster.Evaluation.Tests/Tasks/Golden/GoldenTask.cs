using System.Runtime.CompilerServices;
using System.Text.Json;

namespace NasCluster.Evaluation.Tests.Tasks.Golden;

/// <summary>What the evaluation harness makes of rows of our own writing.</summary>
/// <remarks>
/// The rows lie beside this file, in each published layout under its published name. What is expected of them was not worked out by the code
/// under test: the harness's own task classes, version 0.4.9.2, were run over the same rows with Python 3.11 and its random generator, and
/// wrote every string in full, and the metrics of made-up likelihoods.
/// </remarks>
/// <param name="Task">The task.</param>
/// <param name="Shots">Worked examples before each document.</param>
/// <param name="Documents">Each document's passages: context and continuation.</param>
/// <param name="Marks">What each document is marked by; null where worked examples are asked for, empty where there is nothing to tell apart.</param>
/// <param name="Metrics">What the made-up likelihoods amount to, by metric; null where worked examples are asked for.</param>
public sealed record GoldenTask(string Task, int Shots, string[][][] Documents, GoldenMark[]? Marks, Dictionary<string, GoldenMetric>? Metrics)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The folder with the rows.</summary>
    internal static string Folder { get; } = FolderOf();

    internal static IEnumerable<string> Names =>
        Directory.GetFiles(Path.Combine(Folder, "expected"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);

    internal static GoldenTask Read(string name) =>
        JsonSerializer.Deserialize<GoldenTask>(File.ReadAllText(Path.Combine(Folder, "expected", name + ".json")), Options)!;

    private static string FolderOf([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
