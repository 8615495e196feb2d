using System.Collections.Immutable;
using System.CommandLine;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Embedded.Storage;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Loading;
using NasCluster.Evaluation.Tasks.Running;
using NasCluster.Llama.Checkpoints;
using NasCluster.Local.Evaluations;
using NasCluster.Local.Runs;
using NasCluster.Pipeline;

namespace NasCluster.Local.Commands;

/// <summary><c>nas eval</c>: tasks of the evaluation harness, scored as it scores them.</summary>
internal static class EvalCommand
{
    private const int MostShots = 1000;

    public static Command Create()
    {
        var model = OptionKinds.RequiredText("--model", "DIR|FILE", "The checkpoint: a Hugging Face directory or a llama2.c .bin file.");
        var tokenizer = OptionKinds.Text("--tokenizer", "FILE", ProgramTokenizers.Described);
        var tasks = OptionKinds.RequiredText("--task", "NAME[,NAME]", $"Tasks: {string.Join(", ", TaskCatalog.Names.Where(n => !n.StartsWith("mmlu_", StringComparison.Ordinal)))}, mmlu_SUBJECT.");
        var data = OptionKinds.RequiredText("--data", "DIR", "Where the tasks' published files lie, in one folder or one for each task; or the file of the only task.");
        var shots = OptionKinds.WholeNumber("--shots", 0, MostShots, "Worked examples before each question, drawn as the harness draws them. Default: 0.");
        var limit = OptionKinds.WholeNumber("--limit", 1, int.MaxValue, "At most so many documents of each task, the first ones. Default: all.");
        var seed = OptionKinds.WholeNumber("--seed", 0, int.MaxValue, $"What examples are drawn with. Default: {TaskRequest.DefaultSeed}, the harness's.");
        var architecture = new Option<string[]>("--architecture")
        {
            Description = "A sub-network, as JSON or in a file. Given again, the others are compared with the first. Default: the whole network.",
            HelpName = "JSON|@FILE",
        };
        var front = OptionKinds.Text("--front", "DIR", "The front of a run, and the whole network before it; each is compared with the one above. Instead of --architecture.");
        var window = OptionKinds.WholeNumber("--window", 1, int.MaxValue, "Most tokens read at once; longer prompts lose their beginning. Default: all positions the model has.");
        var noMark = new Option<bool>("--no-mark") { Description = "Put no beginning mark before what is encoded, where the tokenizer would." };
        var results = OptionKinds.Text("--results", "FILE", "Keeps likelihoods there, so that an evaluation that was stopped goes on and none is made twice.");
        var format = OptionKinds.Word("--format", "table, or json for scripts.", "table", "json");
        var command = new Command("eval", "Evaluate a model or sub-networks of it on tasks, as the evaluation harness does.")
        {
            model, tokenizer, tasks, data, shots, limit, seed, architecture, front, window, noMark, results, format,
        };
        var engines = new EngineOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(front) is not null && result.GetResult(architecture) is not null)
            {
                result.AddError("Give either --architecture or --front: which networks are to be evaluated?");
            }
        });
        command.SetAction(parsed =>
        {
            using var checkpoint = LlamaCheckpoints.Open(parsed.GetRequiredValue(model));
            var configuration = checkpoint.Configuration;
            var read = parsed.GetValue(window) ?? configuration.MaximumPositions;
            if (read > configuration.MaximumPositions)
            {
                throw new NasClusterException($"--window is {read}; it must be in [1, {configuration.MaximumPositions}].");
            }

            var encodes = ProgramTokenizers.Open(parsed.GetRequiredValue(model), parsed.GetValue(tokenizer), configuration.VocabularySize);
            var run = parsed.GetValue(front);
            var networks = run is null ? Given(parsed.GetValue(architecture), configuration) : FrontOf(run, checkpoint);
            var names = Names(parsed.GetRequiredValue(tasks));
            var options = new TaskRequest("", parsed.GetRequiredValue(data))
            {
                Shots = parsed.GetValue(shots) ?? 0,
                Limit = parsed.GetValue(limit),
                Seed = parsed.GetValue(seed) ?? TaskRequest.DefaultSeed,
                UseBeginningMark = !parsed.GetValue(noMark),
            };

            // All of them first: a file that is missing must not be found after hours.
            var sets = names.SelectMany(name => TaskLoader.Load(options with { Task = name }, encodes, read)).DistinctBy(s => s.Name).ToArray();
            foreach (var warning in sets.SelectMany(s => s.Warnings))
            {
                Console.Error.WriteLine($"nas: {warning}");
            }

            using var kept = parsed.GetValue(results) is { } file ? SqliteLikelihoods.Open(file) : null;
            using var network = engines.Choose(parsed, Environment.ProcessorCount).Load(checkpoint);
            using var signals = new StopSignals();
            var evaluation = new TaskRun(network, kept);
            Architecture[] architectures = [.. networks.Select(n => n.Architecture)];
            var found = new List<TaskResult>();
            foreach (var set in sets)
            {
                try
                {
                    found.Add(evaluation.Evaluate(set, architectures, EvalProgress.Of(set), signals.Stopping));
                }
                catch (OperationCanceledException)
                {
                    Console.Error.WriteLine(kept is null
                        ? "nas: stopped; nothing was kept. With --results FILE it would go on."
                        : "nas: stopped; the same command again goes on.");
                    return ExitCode.Stopped;
                }
            }

            var report = new EvalReport(network.Info, encodes.Fingerprint, options, read, networks, [.. found]) { IsFront = run is not null };
            if (parsed.GetValue(format) == "json")
            {
                EvalJson.Write(Console.OpenStandardOutput(), report);
            }
            else
            {
                EvalTable.Write(Console.Out, report);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static ImmutableArray<NamedNetwork> Given(string[]? given, LlamaConfiguration configuration) => given is { Length: > 0 }
        ? [.. given.Select((a, i) => new NamedNetwork($"network {i + 1}", ArchitectureOption.Read(a, configuration)))]
        : [new("whole", configuration.FullArchitecture)];

    private static ImmutableArray<NamedNetwork> FrontOf(string run, LlamaCheckpoint checkpoint)
    {
        var report = RunReport.Read(run);
        var searched = report.Provenance.FirstOrDefault(p => p.Key == ProvenanceNames.ModelFingerprint).Value;
        if (searched != checkpoint.Fingerprint)
        {
            throw new NasClusterException($"{run}: this is a run on another model: its fingerprint is {searched ?? "not said"}, that of --model is {checkpoint.Fingerprint}.");
        }

        return report.Front.IsEmpty
            ? throw new NasClusterException($"{run}: nothing has been evaluated yet, so there is no front.")
            : [new("whole", checkpoint.Configuration.FullArchitecture), .. report.Front.Select(r => new NamedNetwork($"trial {r.Trial}", r.Architecture!))];
    }

    private static string[] Names(string given)
    {
        var names = given.Split(',', StringSplitOptions.TrimEntries);
        return names.FirstOrDefault(n => n.Length == 0) is null
            ? [.. names.Distinct(StringComparer.Ordinal)]
            : throw new NasClusterException($"--task is '{given}'; it must be names of tasks with commas between them.");
    }
}
