using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Training;

/// <summary>Reads files to train on: plain text, or instructions in Alpaca's layout where the name ends in .json or .jsonl.</summary>
/// <param name="tokenizer">Makes the ids.</param>
/// <param name="context">The most tokens a sequence learns, and the most it reads.</param>
/// <param name="separator">What stands between two documents of a text; null when a text is one document.</param>
/// <param name="packing">How the documents of a text become sequences.</param>
/// <param name="answerMark">What stands before the part of a text's document that is learned; null to learn all of it.</param>
public sealed class TrainingDataReader(ITokenizer tokenizer, int context, string? separator, TextPacking packing, string? answerMark = null)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="NasClusterException">It cannot be read, or a row breaks a rule; the message names the place.</exception>
    public TrainingSet Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetExtension(path).ToUpperInvariant() is ".JSON" or ".JSONL")
        {
            return TrainingInstructions.Load(path, tokenizer, context);
        }

        return answerMark is null
            ? TrainingTexts.Load(path, tokenizer, context, separator, packing)
            : TrainingInstructions.LoadMarked(path, separator, answerMark, tokenizer, context);
    }
}
