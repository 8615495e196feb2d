using System.Text.RegularExpressions;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Policies;

/// <summary>The keys of a silo's settings, read from their source: the silo itself is not built in every configuration.</summary>
internal static partial class SiloSettingsSource
{
    private const string Root = "SiloSettings";

    /// <summary>All of them, as <c>Section:Key</c>.</summary>
    public static IReadOnlySet<string> Keys { get; } = Read();

    private static HashSet<string> Read()
    {
        var records = Record().Split(ChartFiles.Read("src/NasCluster.Silo/Configuration/SiloSettings.cs")).Skip(1).Chunk(2)
            .ToDictionary(r => r[0], r => Property().Matches(r[1]).Select(p => (Type: p.Groups["type"].Value.TrimEnd('?'), Name: p.Groups["name"].Value)).ToList());
        var keys = new HashSet<string>();
        Add(Root, "");
        return keys;

        void Add(string record, string prefix)
        {
            foreach (var (type, name) in records[record])
            {
                if (records.ContainsKey(type))
                {
                    Add(type, $"{prefix}{name}:");
                }
                else
                {
                    keys.Add(prefix + name);
                }
            }
        }
    }

    [GeneratedRegex(@"public sealed record (\w+)")]
    private static partial Regex Record();

    [GeneratedRegex(@"public (?<type>\S+) (?<name>\w+) \{ get;")]
    private static partial Regex Property();
}
