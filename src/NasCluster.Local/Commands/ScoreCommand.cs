using System.CommandLine;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Local.Commands;

/// <summary><c>nas score</c>: the likelihood of a text, or of token ids as they are, under a model or a sub-network of it.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var model = OptionKinds.RequiredText("--model", "DIR|FILE", "The checkpoint: a Hugging Face directory or a llama2.c .bin file.");
        var tokenizer = OptionKinds.Text("--tokenizer", "FILE", ProgramTokenizers.Described);
        var text = OptionKinds.Text("--text", "FILE", "A UTF-8 text; each window starts with the beginning mark.");
        var separator = OptionKinds.Text("--separator", "TEXT", "What stands between two documents of the text; windows begin anew with each.");
        var ids = OptionKinds.Text("--ids", "FILE", "Token ids, taken as they are; the first of a window is not scored.");
        var architecture = OptionKinds.Text("--architecture", "JSON|@FILE", "A sub-network, as JSON or in a file. Default: the whole network.");
        var window = OptionKinds.WholeNumber("--window", 2, int.MaxValue, "Longest sequence in tokens. Default: all positions the model has.");
        var stride = OptionKinds.WholeNumber("--stride", 1, int.MaxValue, "Tokens from one window to the next. Default: the window.");
        var format = OptionKinds.Word("--format", "text, or json for scripts.", "text", "json");
        var command = new Command("score", "Score a text or token ids under a model or one of its sub-networks.")
        {
            model, tokenizer, text, separator, ids, architecture, window, stride, format,
        };
        var engines = new EngineOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(text) is null == result.GetResult(ids) is null)
            {
                result.AddError("Give either --text or --ids: what is to be scored?");
            }
            else if (result.GetResult(separator) is not null && result.GetResult(ids) is not null)
            {
                result.AddError("--separator parts a text; token ids are taken as they are.");
            }
        });
        command.SetAction(parsed =>
        {
            using var checkpoint = LlamaCheckpoints.Open(parsed.GetRequiredValue(model));
            var configuration = checkpoint.Configuration;
            var size = Within(parsed.GetValue(window) ?? configuration.MaximumPositions, 2, configuration.MaximumPositions, "--window");
            var step = Within(parsed.GetValue(stride) ?? size, 1, size, "--stride");
            var set = parsed.GetValue(text) is { } file
                ? OfText(
                    file, ProgramTokenizers.Open(parsed.GetRequiredValue(model), parsed.GetValue(tokenizer), configuration.VocabularySize), size, step, parsed.GetValue(separator))
                : OfIds(parsed.GetValue(ids)!, configuration.VocabularySize, size, step);
            var network = ArchitectureOption.Read(parsed.GetValue(architecture), configuration);
            using var engine = engines.Choose(parsed, Environment.ProcessorCount).Load(checkpoint);
            var likelihoods = engine.Score([network], set.Requests, CancellationToken.None)[0];
            if (parsed.GetValue(format) == "json")
            {
                ScoreJson.Write(Console.OpenStandardOutput(), engine.Info, network, set, likelihoods);
            }
            else
            {
                WriteText(set, likelihoods);
            }
        });
        return command;
    }

    private static TextSet OfText(string file, ITokenizer tokenizer, int window, int stride, string? separator)
    {
        var protocol = new WindowProtocol(window, stride, FirstTokenRule.Bos, separator);
        return separator is null
            ? TextSet.OfIds(tokenizer.Encode(TextFile.Read(file)), protocol, tokenizer, file)
            : TextSet.Create(TextFile.Read(file), tokenizer, protocol with { Documents = DocumentRule.Apart }, file);
    }

    private static TextSet OfIds(string file, int vocabularySize, int window, int stride) =>
        TextSet.OfIds(InputFile.ReadIds(file, vocabularySize), new WindowProtocol(window, stride, FirstTokenRule.Skip), null, file);

    private static int Within(int value, int least, int most, string option) => value >= least && value <= most
        ? value
        : throw new NasClusterException($"{option} is {value}; it must be in [{least}, {most}].");

    private static void WriteText(TextSet set, LogLikelihood[] likelihoods)
    {
        var score = set.Score(likelihoods);
        FormattableString[] lines =
        [
            $"tokens scored        {score.ScoredCount:#,0} in {set.Requests.Length:#,0} windows of at most {set.Protocol.Window}",
            $"mean log-likelihood  {score.LogLikelihood.Value:F6} ± {score.LogLikelihood.StandardError:F6} nats per token",
            $"perplexity           {score.Perplexity.Value:F4} ± {score.Perplexity.StandardError:F4}",
        ];
        foreach (var line in lines)
        {
            Console.Out.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        }
    }
}
