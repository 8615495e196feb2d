using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Tokenizers;
using NasCluster.Pipeline.Prepared;
#if ML_TOKENIZERS
using NasCluster.Tokenizers;
#endif

namespace NasCluster.Local;

/// <summary>Opens the tokenizers that this build reads: SentencePiece's, and in the Cluster configuration LLaMA-3's, too.</summary>
internal static class ProgramTokenizers
{
    /// <summary>What may be named, for the help.</summary>
    public const string Described =
#if ML_TOKENIZERS
        "A SentencePiece or tiktoken .model file, or a tokenizer.json. Default: the one that lies with the model.";
#else
        "A SentencePiece .model file. Default: the one that lies with the model.";
#endif

    /// <summary>The tokenizer of a model, or the one named.</summary>
    /// <exception cref="NasClusterException">There is none, it cannot be read, or its size is not the model's.</exception>
    public static ITokenizer Open(string model, string? file, int vocabularySize) =>
#if ML_TOKENIZERS
        TokenizerFiles.OpenWith(MlTokenizers.Open, model, file, vocabularySize);
#else
        TokenizerFiles.Open(model, file, vocabularySize);
#endif

    /// <summary>The files of a specification, whose tokenizer is opened so.</summary>
    public static SearchFiles FilesOf(SearchSpec spec) =>
        SearchFiles.AsWrittenIn(spec) with { OpenTokenizer = (files, vocabularySize) => Open(files.Model, files.Tokenizer, vocabularySize) };
}
