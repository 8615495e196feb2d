using System.Text.Json.Nodes;
using NasCluster.Core.Specification;

namespace NasCluster.Specification.Tests;

public sealed class SearchSpecSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(SearchSpecSchema.Write())!;

    [Fact]
    public void Write_Keys_EqualThoseTheReaderTakes()
    {
        var inSchema = Leaves("", Schema).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(SearchSpecKeys.All.Select(k => k.Path).Order(StringComparer.Ordinal), inSchema);

        // And the reader really takes each of them: an unknown one would be called so.
        Assert.All(inSchema, path => Assert.DoesNotContain(SearchSpecReader.Read(Nested(path)).Problems, p => p.Message.Contains("no known key", StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_EveryExample_IsValid() =>
        Assert.All(Examples.Files, f => Assert.True(MiniSchema.Accepts(Schema, ToJson(NodeReader.Read(File.ReadAllText(f))!)), f));

    [Theory]
    [InlineData("data: {text: t}")]
    [InlineData("model: 7")]
    [InlineData("model: m\nsed: 1")]
    [InlineData("model: m\nseed: -1")]
    [InlineData("model: m\nseed: 1.5")]
    [InlineData("model: m\nbudget: {evaluations: 0}")]
    [InlineData("model: m\nspace: {mlp: [1.5]}")]
    [InlineData("model: m\nspace: {mlp: [0]}")]
    [InlineData("model: m\nspace: {depth: [2, 2]}")]
    [InlineData("model: m\nspace: {layer_order: suffix}")]
    [InlineData("model: m\nalgorithm: {crossover: {kind: two_point}}")]
    [InlineData("model: m\nalgorithm: {mutation: {per_gene: 1.4}}")]
    [InlineData("model: m\nalgorithm: {in_flight: 0}")]
    [InlineData("model: m\nalgorithm: {in_flight: 2.5}")]
    [InlineData("model: m\nconstraints: {parameters: {}}")]
    [InlineData("model: m\ndata: {tasks: {X: p}}")]
    [InlineData("model: m\nobjectives: []")]
    public void Write_BadSpecification_IsRefusedByBoth(string yaml)
    {
        Assert.False(MiniSchema.Accepts(Schema, ToJson(NodeReader.Read(yaml)!)));
        Assert.NotEmpty(SearchSpecReader.Read(yaml).Problems);
    }

    [Fact]
    public void Write_Defaults_AreThoseOfTheRecords()
    {
        Assert.Equal(200, (int)Schema["properties"]!["budget"]!["properties"]!["evaluations"]!["default"]!);
        Assert.Equal("nsga2", (string)Schema["properties"]!["algorithm"]!["properties"]!["name"]!["default"]!);
        Assert.Equal(8, (int)Schema["properties"]!["algorithm"]!["properties"]!["in_flight"]!["default"]!);
        Assert.Null(Schema["properties"]!["data"]!["properties"]!["window"]!["default"]);
    }

    private static IEnumerable<string> Leaves(string prefix, JsonNode schema) =>
        schema["properties"]!.AsObject().SelectMany(p => p.Value!["properties"] is not null ? Leaves($"{prefix}{p.Key}.", p.Value) : [prefix + p.Key]);

    private static string Nested(string path) =>
        string.Concat(path.Split('.').Select((part, depth) => new string(' ', depth) + part + ":\n"));

    private static JsonNode? ToJson(Node node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Select(e => KeyValuePair.Create(e.Key.Value, ToJson(e.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(ToJson)]),
        ScalarNode { IsNull: true } => null,
        ScalarNode scalar when !scalar.IsText && Numbers.TryNumber(scalar.Value, out var number) => JsonValue.Create(number),
        ScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new NotSupportedException(),
    };
}
