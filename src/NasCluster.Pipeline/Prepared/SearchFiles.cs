using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Pipeline.Prepared;

/// <summary>Where the files lie that a specification names.</summary>
/// <param name="Model">The checkpoint: a Hugging Face directory or a llama2.c file.</param>
/// <param name="Tokenizer">The tokenizer's file; null for the one that lies with the model.</param>
/// <param name="Resolve">Turns the path or name of a text or a task into a path; null to take them as they are written.</param>
public sealed record SearchFiles(string Model, string? Tokenizer = null, Func<string, string>? Resolve = null)
{
    /// <summary>
    /// Opens the tokenizer of these files for a vocabulary of so many ids; by default as SentencePiece, as <see cref="TokenizerFiles.Open"/> does.
    /// </summary>
    public Func<SearchFiles, int, ITokenizer> OpenTokenizer { get; init; } =
        (files, vocabulary) => TokenizerFiles.Open(files.Model, files.Tokenizer, vocabulary);

    /// <summary>The files of a specification whose paths are paths.</summary>
    public static SearchFiles AsWrittenIn(SearchSpec spec) => new(spec.Model, spec.Tokenizer);
}
