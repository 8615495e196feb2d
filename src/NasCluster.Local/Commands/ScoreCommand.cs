using System.CommandLine;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Local.Commands;

/// <summary><c>nas score</c>: the likelihood of a text, or of token ids as they are, under a model or a sub-network of it.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The checkpoint: a Hugging Face directory or a llama2.c .bin file.", HelpName = "DIR|FILE", Required = true };
        var tokenizer = new Option<string?>("--tokenizer") { Description = "A SentencePiece .model file. Default: the one that lies with the model.", HelpName = "FILE" };
        var text = new Option<string?>("--text") { Description = "A UTF-8 text; each window starts with the beginning mark.", HelpName = "FILE" };
        var ids = new Option<string?>("--ids") { Description = "Token ids, taken as they are; the first of a window is not scored.", HelpName = "FILE" };
        var architecture = new Option<string?>("--architecture")
        {
            Description = "A sub-network as JSON, or @FILE. Default: the whole network.",
            HelpName = "JSON",
        };
        var window = new Option<int?>("--window") { Description = "Longest sequence in tokens. Default: all positions the model has.", HelpName = "N" };
        var stride = new Option<int?>("--stride") { Description = "Tokens from one window to the next. Default: the window.", HelpName = "N" };
        var vectors = EngineOptions.Vectors();
        var format = new Option<string>("--format") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("score", "Score a text or token ids under a model or one of its sub-networks.")
        {
            model, tokenizer, text, ids, architecture, window, stride, vectors, format,
        };
        command.SetAction(parsed =>
        {
            using var checkpoint = LlamaCheckpoints.Open(parsed.GetRequiredValue(model));
            var configuration = checkpoint.Configuration;
            var size = Within(parsed.GetValue(window) ?? configuration.MaximumPositions, 2, configuration.MaximumPositions, "--window");
            var step = Within(parsed.GetValue(stride) ?? size, 1, size, "--stride");
            var set = (parsed.GetValue(text), parsed.GetValue(ids)) switch
            {
                ({ } file, null) => OfText(file, TokenizerFiles.Open(parsed.GetRequiredValue(model), parsed.GetValue(tokenizer), configuration.VocabularySize), size, step),
                (null, { } file) => TextSet.OfIds(InputFile.ReadIds(file), new WindowProtocol(size, step, FirstTokenRule.Skip), null, file),
                _ => throw new NasClusterException("Give either --text or --ids: what is to be scored?"),
            };
            var network = Architecture(parsed.GetValue(architecture), configuration);
            using var engine = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { VectorPath = EngineOptions.Path(parsed.GetRequiredValue(vectors)) });
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

    private static TextSet OfText(string file, SentencePieceTokenizer tokenizer, int window, int stride) =>
        TextSet.OfIds(tokenizer.Encode(TextFile.Read(file)), new WindowProtocol(window, stride, FirstTokenRule.Bos), tokenizer, file);

    private static Architecture Architecture(string? json, LlamaConfiguration configuration) => json switch
    {
        null => configuration.FullArchitecture,
        ['@', .. var file] => ArchitectureJson.Read(InputFile.ReadText(file), configuration),
        _ => ArchitectureJson.Read(json, configuration),
    };

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
