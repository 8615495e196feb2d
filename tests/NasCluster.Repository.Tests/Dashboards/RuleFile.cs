using YamlDotNet.Serialization;

namespace NasCluster.Repository.Tests.Dashboards;

/// <summary>The rules of Prometheus.</summary>
internal static class RuleFile
{
    public const string Path = "dashboards/rules/nascluster.yaml";

    /// <summary>All of them, in the order in which they stand.</summary>
    public static IReadOnlyList<Rule> Rules { get; } =
        [.. new DeserializerBuilder().Build().Deserialize<Document>(RepositoryFiles.Read(Path)).Groups.SelectMany(g => g.Rules)];

    /// <summary>Names of the series that recording rules make.</summary>
    public static IReadOnlySet<string> Recorded { get; } = Rules.Select(r => r.Record).OfType<string>().ToHashSet();

    internal sealed class Document
    {
        [YamlMember(Alias = "groups")]
        public List<Group> Groups { get; set; } = [];
    }

    internal sealed class Group
    {
        [YamlMember(Alias = "name")]
        public string Name { get; set; } = "";

        [YamlMember(Alias = "rules")]
        public List<Rule> Rules { get; set; } = [];
    }

    /// <summary>A rule: either a series that is recorded or an alert.</summary>
    internal sealed class Rule
    {
        [YamlMember(Alias = "record")]
        public string? Record { get; set; }

        [YamlMember(Alias = "alert")]
        public string? Alert { get; set; }

        [YamlMember(Alias = "expr")]
        public string Expression { get; set; } = "";

        [YamlMember(Alias = "for")]
        public string? For { get; set; }

        [YamlMember(Alias = "labels")]
        public Dictionary<string, string> Labels { get; set; } = [];

        [YamlMember(Alias = "annotations")]
        public Dictionary<string, string> Annotations { get; set; } = [];

        public override string ToString() => $"{Path}: {Record ?? Alert}";
    }
}
