using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Tokenizers;
using NasCluster.Local.Runs;
using NasCluster.Pipeline;
using NasCluster.Pipeline.Prepared;
using NasCluster.Pipeline.Pruning;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary><c>nas extract</c>: makes the network anew that a search elsewhere has ended with, from what that recorded of it.</summary>
internal static class ExtractCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("search.yaml") { Description = "The search as a file, the same that was started.", Validators = { OptionKinds.RefuseOption } };
        var stages = OptionKinds.RequiredText("--stages", "FILE", "What 'nasctl search stages NAME --format json' says of the search.");
        var output = OptionKinds.RequiredText("--out", "DIR", "The directory to make and write the network in.");
        var set = OptionKinds.Settings("Keys that the search was started with besides, such as --set seed=2.");
        var command = new Command("extract", "Write the network that a search on a cluster has ended with: cut out and repaired here, the same bit for bit.") { file, stages, output, set };
        command.SetAction(parsed => Extract(
            parsed.GetRequiredValue(file), [.. (parsed.GetValue(set) ?? []).Select(SpecOptions.Setting)], parsed.GetRequiredValue(stages), parsed.GetRequiredValue(output)));
        return command;
    }

    private static int Extract(string file, SpecOverride[] overrides, string stages, string output)
    {
        if (Path.Exists(output))
        {
            throw new NasClusterException($"{Path.GetFullPath(output)} is already there; choose another directory, or move it away.");
        }

        var recorded = PrunedRecord(stages);
        var reading = SearchSpecReader.ReadFile(file, overrides);
        var spec = SpecPaths.Resolve(reading.SpecOrThrow(file), file, overrides.Select(o => o.Key).ToHashSet(StringComparer.Ordinal));
        using var search = LoadedSearch.Load(spec, _ => new CpuEngine(), TimeProvider.System, ProgramTokenizers.FilesOf(spec));
        using var checkpoint = LlamaCheckpoints.Open(spec.Model);
        using var pruned = PrunedStage.CarryOut(
            spec, recorded.Trial, ReadArchitecture(recorded.Architecture, stages, checkpoint.Configuration), checkpoint, search.Network, search.Calibration, Open, search.Engine, CancellationToken.None);
        if (Different(recorded.Record, pruned.ToJson(TimeSpan.Zero)) is { } different)
        {
            throw new NasClusterException(
                $"{stages}: the network made here is not the one recorded: {different} differs. Model, text and keys must be those that the search was started with.");
        }

        HuggingFaceDirectory.Write(pruned.Checkpoint, output, tokenizerFile: TokenizerFiles.Find(spec.Model, spec.Tokenizer));
        PrunedNetwork.Show(pruned.Rows, output);
        return ExitCode.Success;

        IEvaluator? Open(ISuperNetwork network, SearchPart part) =>
            part == SearchPart.Search || search.HasReportPart ? search.OpenEvaluator(network, part, TimeProvider.System) : null;
    }

    private static (JsonObject Record, TrialId Trial, string Architecture) PrunedRecord(string file)
    {
        try
        {
            var stages = JsonNode.Parse(InputFile.ReadText(file), documentOptions: new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            var record = (stages as JsonArray ?? throw new FormatException("it is no list of stages."))
                .OfType<JsonObject>().LastOrDefault(s => (string?)s["stage"] == "pruned")?["record"] as JsonObject
                ?? throw new FormatException("there is no stage 'pruned' in it. It comes last, where the search has a pruning.keep.");
            return (record, new TrialId(record["trial"]!.GetValue<long>()), record["architecture"]!.ToJsonString());
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            // The library speaks of its own types where a value is of another kind.
            var problem = exception is JsonException or FormatException ? exception.Message.ReplaceLineEndings(" ") : "a value in it is missing, twice, or of another kind.";
            throw new NasClusterException($"{file}: not what 'nasctl search stages --format json' writes of a search that has ended: {problem}", exception);
        }
    }

    private static Architecture ReadArchitecture(string json, string file, LlamaConfiguration configuration)
    {
        try
        {
            return ArchitectureJson.Read(json, configuration);
        }
        catch (NasClusterException exception)
        {
            throw new NasClusterException($"{file}: {exception.Message}", exception);
        }
    }

    /// <summary>The first key of two records that differs, the time taken apart; null when none does.</summary>
    private static string? Different(JsonObject recorded, JsonObject made) => made.Select(p => p.Key).Union(recorded.Select(p => p.Key))
        .FirstOrDefault(key => key != "seconds" && recorded[key]?.ToJsonString() != made[key]?.ToJsonString());
}
