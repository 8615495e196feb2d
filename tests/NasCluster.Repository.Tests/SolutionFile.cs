using System.Text.RegularExpressions;

namespace NasCluster.Repository.Tests;

/// <summary>The solution: its projects, and which of them each configuration maps and builds.</summary>
internal sealed partial class SolutionFile
{
    private readonly Dictionary<string, string> _lines;

    private SolutionFile(IReadOnlyDictionary<string, string> projectIds, Dictionary<string, string> lines)
    {
        ProjectIds = projectIds;
        _lines = lines;
    }

    public static IReadOnlyList<string> Configurations { get; } = ["Debug", "Release", "Cluster"];

    /// <summary>Path of each project, with forward slashes, and its id.</summary>
    public IReadOnlyDictionary<string, string> ProjectIds { get; }

    public static SolutionFile Load() => Parse(RepositoryFiles.Read("NasCluster.sln"));

    public static SolutionFile Parse(string text)
    {
        var ids = ProjectLine().Matches(text).ToDictionary(m => m.Groups["path"].Value.Replace('\\', '/'), m => m.Groups["id"].Value);
        var lines = MappingLine().Matches(text).ToDictionary(m => m.Groups["key"].Value, m => m.Groups["value"].Value);
        return new SolutionFile(ids, lines);
    }

    /// <summary>The project's configuration that a solution's configuration stands for; null when it is not mapped.</summary>
    public string? ActiveConfiguration(string path, string configuration) =>
        _lines.TryGetValue($"{ProjectIds[path]}.{configuration}|Any CPU.ActiveCfg", out var value) ? value.Split('|')[0] : null;

    public bool Builds(string path, string configuration) =>
        _lines.ContainsKey($"{ProjectIds[path]}.{configuration}|Any CPU.Build.0");

    [GeneratedRegex("""^Project\("[^"]*"\) = "[^"]*", "(?<path>[^"]*\.csproj)", "(?<id>\{[^"]*\})"\r?$""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    [GeneratedRegex("""^\s*(?<key>\{[0-9A-F-]+\}\.[^=]*?) = (?<value>.*?)\r?$""", RegexOptions.Multiline)]
    private static partial Regex MappingLine();
}
