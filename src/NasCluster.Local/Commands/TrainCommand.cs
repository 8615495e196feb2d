using System.CommandLine;
using NasCluster.Core;
using NasCluster.Core.Spaces;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Tokenizers;
using NasCluster.Llama.Training;
using NasCluster.Local.Runs;
using NasCluster.Pipeline;
using NasCluster.Pipeline.Training;
using NasCluster.Specification;

namespace NasCluster.Local.Commands;

/// <summary><c>nas train</c>: trains a network, or fine-tunes one into a super-network. The same command again goes on where it was stopped.</summary>
internal static class TrainCommand
{
    private const int DefaultHeldOutTokens = 16384;
    private const int DefaultImportance = 256;

    public static Command Create()
    {
        var model = OptionKinds.RequiredText("--model", "DIR|FILE", "The checkpoint to begin with: a Hugging Face directory or a llama2.c .bin file.");
        var tokenizer = OptionKinds.Text("--tokenizer", "FILE", ProgramTokenizers.Described);
        var data = OptionKinds.RequiredText("--data", "FILE", "What to learn: a UTF-8 text, or instructions in Alpaca's layout (.json, .jsonl).");
        var heldOut = OptionKinds.Text("--held-out", "FILE", "What the curves are of, in the same format. Default: the last sequences of --data, which are then not learned.");
        var heldOutTokens = OptionKinds.WholeNumber("--held-out-tokens", 1, int.MaxValue, $"At most so many tokens of it. Default: {DefaultHeldOutTokens}.");
        var separator = OptionKinds.Text("--separator", "TEXT", "What stands between two documents of a text.");
        var packing = OptionKinds.Word("--packing", "Documents as sequences of their own, or end to end in full windows.", "documents", "windows");
        var answerMark = OptionKinds.Text("--answer-mark", "TEXT", "Learn only what follows the last such mark of a text's document, and leave documents without it out.");
        var context = OptionKinds.WholeNumber("--context", 2, int.MaxValue, "Longest sequence in tokens. Default: all positions the model has.");
        var set = OptionKinds.Settings("A key of search.yaml that shapes the space, such as --set space.depth=[3,4,5].");
        var importance = OptionKinds.WholeNumber(
            "--importance", 0, 1 << 20, $"Sequences by which MLP channels and KV groups are first put in order of importance, so that narrow means the best; 0 for none. Default: {DefaultImportance} with sub-networks, else 0.");
        var teacher = OptionKinds.Text("--teacher", "DIR|FILE", "A fixed network to learn from besides.");
        var report = OptionKinds.WholeNumber("--report-every", 1, int.MaxValue, "Steps from a point of the curves to the next. Default: a hundredth of all.");
        var save = OptionKinds.WholeNumber("--save-every", 1, int.MaxValue, "Steps from a saved state to the next. Default: as --report-every.");
        var weights = OptionKinds.Word("--weights", "Number format of the result.", "float32", "float16", "bfloat16");
        var recompute = new Option<bool>("--recompute") { Description = "Keep less in memory and compute it again: about a quarter more time, same result." };
        var output = OptionKinds.RequiredText("--out", "DIR", "The directory of this training: result, curves, and the state that it goes on from.");
        var result = OptionKinds.Text("--result", "DIR", "Where the finished model is put, whole or not at all, replacing one that is there; on the disk of --out. Default: model under --out.");
        var command = new Command("train", "Train a network, or fine-tune one into a super-network. The same command again goes on where it was stopped.")
        {
            model, tokenizer, data, heldOut, heldOutTokens, separator, packing, answerMark, context, set, importance, teacher, report, save, weights, recompute, output, result,
        };
        var how = new TrainOptions(command);
        var engines = new EngineOptions(command);
        var optimiser = OptionKinds.Word(
            "--optimiser", "adamw, or with --engine torch what holds less: factored moments (Adafactor), or none (LOMO), both changing weights on the way back.", "adamw", "factored", "lomo");
        var format = OptionKinds.Word("--format", "Progress as text, or as JSON lines for scripts.", "text", "json");
        command.Add(optimiser);
        command.Add(format);
        command.SetAction(async (parsed, _) =>
        {
            var options = how.Read(parsed, parsed.GetValue(teacher) is not null);
            if (options.Problems() is { Count: > 0 } problems)
            {
                throw new NasClusterException(string.Join(" ", problems));
            }

            var modelPath = parsed.GetRequiredValue(model);
            using var checkpoint = LlamaCheckpoints.Open(modelPath);
            using var taught = parsed.GetValue(teacher) is { } path ? LlamaCheckpoints.Open(path) : null;
            var tokenizerFile = TokenizerFiles.Find(modelPath, parsed.GetValue(tokenizer));
            var reader = new TrainingDataReader(
                ProgramTokenizers.Open(modelPath, tokenizerFile, checkpoint.Configuration.VocabularySize),
                Context(parsed.GetValue(context), checkpoint.Configuration),
                parsed.GetValue(separator),
                parsed.GetRequiredValue(packing) == "documents" ? TextPacking.Documents : TextPacking.Windows,
                parsed.GetValue(answerMark));
            var (learned, kept) = HeldOutData.Split(
                reader.Read(parsed.GetRequiredValue(data)),
                parsed.GetValue(heldOut) is { } other ? reader.Read(other) : null,
                parsed.GetValue(heldOutTokens) ?? DefaultHeldOutTokens);
            var space = options.Sampling == SamplingRule.None && !parsed.GetResult(set).IsGiven() ? null : Space(modelPath, parsed.GetValue(set) ?? [], checkpoint);
            var cpu = engines.Cpu(parsed);
            var engine = engines.ChooseTraining(
                parsed, cpu, Enum.Parse<TrainingOptimiser>(parsed.GetRequiredValue(optimiser), ignoreCase: true), parsed.GetValue(recompute));
            var important = parsed.GetValue(importance) ?? (options.Sampling == SamplingRule.None ? 0 : DefaultImportance);
            using var reordered = important == 0 ? null : ReorderedNetwork.Of(checkpoint, learned, important, options.Seed, cpu);
            var job = new TrainingJob(reordered is null ? checkpoint : reordered, learned, kept, space, options, taught);
            var every = parsed.GetValue(report) ?? (int)Math.Max(1, options.Steps / 100);
            return await TrainingConsole.RunAsync(
                new TrainingFiles(parsed.GetRequiredValue(output), tokenizerFile, WeightTypes.Parse(parsed.GetRequiredValue(weights)), parsed.GetValue(result)),
                RunNames.Model(modelPath),
                job,
                new TrainingCadence(every, parsed.GetValue(save) ?? every),
                engine,
                parsed.GetRequiredValue(format) == "json");
        });
        return command;
    }

    private static bool IsGiven(this System.CommandLine.Parsing.OptionResult? result) => result is { Implicit: false };

    private static int Context(int? given, LlamaConfiguration configuration) => given is null || given <= configuration.MaximumPositions
        ? given ?? configuration.MaximumPositions
        : throw new NasClusterException($"--context is {given}; it must be at most {configuration.MaximumPositions}, the positions the model has.");

    private static LlamaSpace Space(string model, string[] settings, LlamaCheckpoint checkpoint)
    {
        // Costs alone need no text, so the specification is complete with them as objectives.
        var overrides = new[] { new SpecOverride("model", model, "--model"), new("objectives", "[parameters]", "train") }
            .Concat(settings.Select(SpecOptions.Setting)).ToArray();
        var reading = SearchSpecReader.Read("", overrides);
        try
        {
            return new SearchPlan(reading.SpecOrThrow(null), checkpoint.Configuration).Widths;
        }
        catch (SpecificationException exception)
        {
            throw new SpecificationException(null, reading.Locate(exception.Problems));
        }
    }
}
