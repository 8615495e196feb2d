using NasCluster.Testing;
using YamlDotNet.RepresentationModel;

namespace NasCluster.Cluster.Tests.Images;

/// <summary>The environment and commands of containers as <c>k8s/overlays/cpu</c> has them, which is as the chart has them.</summary>
internal static class PlainManifests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "k8s");

    /// <summary>What a silo's container is told; of fields and secrets nothing.</summary>
    /// <param name="component">controller or evaluator.</param>
    public static Dictionary<string, string> Silo(string component)
    {
        var settings = (YamlMappingNode)Load("overlays/cpu/silo-settings.yaml").Single()["data"];
        var variables = settings.Children.ToDictionary(c => Text(c.Key), c => Text(c.Value));
        foreach (var (name, value) in Environment(Container($"overlays/cpu/{component}.yaml")))
        {
            variables[name] = value;
        }

        return variables;
    }

    /// <summary>What the console's container is told.</summary>
    public static Dictionary<string, string> Console() => Environment(Container("base/console.yaml"));

    /// <summary>The arguments of Azurite.</summary>
    public static string[] AzuriteArguments() => [.. ((YamlSequenceNode)Container("overlays/cpu/azurite.yaml")["command"]).Skip(1).Select(Text)];

    /// <summary>How silos find Azurite.</summary>
    public static string AzuriteConnectionString() =>
        Text(Load("overlays/cpu/azurite.yaml").Single(d => Text(d["kind"]) == "Secret")["stringData"]["connection-string"]);

    private static YamlNode Container(string file) =>
        ((YamlSequenceNode)Load(file).Single(d => Text(d["kind"]) == "StatefulSet")["spec"]["template"]["spec"]["containers"]).Single();

    private static Dictionary<string, string> Environment(YamlNode container) => ((YamlSequenceNode)container["env"]).Cast<YamlMappingNode>()
        .Where(v => v.Children.ContainsKey("value")).ToDictionary(v => Text(v["name"]), v => Text(v["value"]));

    private static IEnumerable<YamlNode> Load(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, file))));
        return stream.Documents.Select(d => d.RootNode);
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
