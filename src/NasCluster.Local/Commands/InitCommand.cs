using System.CommandLine;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Local.Commands;

/// <summary><c>nas init</c>: a new network with random weights, to be trained.</summary>
internal static class InitCommand
{
    // All of it is held in memory as float32; who needs more has no use for a network of random weights.
    private const long MostParameters = 1_000_000_000;
    private const int MostLayers = 1024;
    private const int LargestSize = 1 << 20;
    private const float NormEpsilon = 1e-5f;
    private const double UsualTheta = 10_000;

    public static Command Create()
    {
        var tokenizer = OptionKinds.RequiredText("--tokenizer", "FILE", "A SentencePiece .model file; it decides the vocabulary and is copied beside the network.");
        var layers = OptionKinds.RequiredWholeNumber("--layers", 1, MostLayers, "Layers.");
        var hidden = OptionKinds.RequiredWholeNumber("--hidden", 2, LargestSize, "Width of the residual stream; a multiple of twice --heads.");
        var mlp = OptionKinds.RequiredWholeNumber("--mlp", 1, LargestSize, "MLP channels of a layer.");
        var heads = OptionKinds.RequiredWholeNumber("--heads", 1, LargestSize, "Query heads of a layer.");
        var kvHeads = OptionKinds.WholeNumber("--kv-heads", 1, LargestSize, "Key/value heads of a layer; --heads is a multiple of it. Default: as many as query heads.");
        var context = OptionKinds.RequiredWholeNumber("--context", 2, LargestSize, "Longest sequence in tokens.");
        var tied = OptionKinds.Word("--tied", "Whether the output head is the embedding itself.", "true", "false");
        var theta = OptionKinds.Number("--rope-theta", 1, 1e9, "Base of the rotary position frequencies. Default: 10000.");
        var seed = OptionKinds.WholeNumber("--seed", 0, int.MaxValue, "Decides every weight, on every machine alike. Default: 1.");
        var output = OptionKinds.RequiredText("--out", "DIR", "The Hugging Face directory to make.");
        var command = new Command("init", "Make a new network with random weights, to be trained.")
        {
            tokenizer, layers, hidden, mlp, heads, kvHeads, context, tied, theta, seed, output,
        };
        command.Validators.Add(result =>
        {
            // What is no number here is refused by its own option; reading its value would throw.
            if (Given(hidden) is not { } width || Given(heads) is not { } queries)
            {
                return;
            }

            if (width % (2L * queries) != 0)
            {
                result.AddError($"--hidden is {width}; it must be a multiple of {2L * queries}, twice --heads, since a head has an even number of channels.");
            }

            if (Given(kvHeads) is { } groups && queries % groups != 0)
            {
                result.AddError($"--heads is {queries}; it must be a multiple of --kv-heads, which is {groups}.");
            }

            int? Given(Option<int?> option) =>
                result.GetResult(option)?.Tokens is [.., var last] && int.TryParse(last.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0
                    ? number
                    : null;
        });
        command.SetAction(parsed =>
        {
            var file = parsed.GetRequiredValue(tokenizer);
            var queries = parsed.GetValue(heads)!.Value;
            var groups = parsed.GetValue(kvHeads) ?? queries;
            var configuration = new LlamaConfiguration
            {
                VocabularySize = SentencePieceTokenizer.Open(file).VocabularySize,
                HiddenSize = parsed.GetValue(hidden)!.Value,
                HeadSize = parsed.GetValue(hidden)!.Value / queries,
                QueryHeadsPerKvHead = queries / groups,
                Layers = [.. Enumerable.Repeat(new LlamaLayerShape(groups, parsed.GetValue(mlp)!.Value), parsed.GetValue(layers)!.Value)],
                MaximumPositions = parsed.GetValue(context)!.Value,
                NormEpsilon = NormEpsilon,
                RopeTheta = parsed.GetValue(theta) ?? UsualTheta,
                TiedEmbeddings = parsed.GetRequiredValue(tied) == "true",
            };
            Write(configuration, parsed.GetValue(seed) ?? 1, file, parsed.GetRequiredValue(output));
        });
        return command;
    }

    private static void Write(LlamaConfiguration configuration, int seed, string tokenizer, string output)
    {
        var parameters = CostModel.Parameters(configuration);
        if (parameters > MostParameters)
        {
            throw new NasClusterException(Invariant(
                $"The network would have {parameters:#,0} parameters; 'nas init' makes at most {MostParameters:#,0}."));
        }

        using var checkpoint = RandomInitialisation.Create(configuration, (ulong)seed);
        HuggingFaceDirectory.Write(checkpoint, output, WeightType.Float32, tokenizerFile: tokenizer);
        Console.Out.WriteLine(Invariant($"Written: {output}, {parameters:#,0} parameters, fingerprint {checkpoint.Fingerprint}"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
