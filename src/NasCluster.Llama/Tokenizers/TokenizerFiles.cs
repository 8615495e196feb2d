using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Llama.Tokenizers;

/// <summary>Finds the tokenizer that belongs to a model.</summary>
public static class TokenizerFiles
{
    private const string Name = "tokenizer.model";
    private const string JsonName = "tokenizer.json";

    /// <summary>
    /// The tokenizer file: the one named; in a directory <c>tokenizer.model</c> or else <c>tokenizer.json</c>; or the one <c>.model</c> file beside a file.
    /// </summary>
    /// <param name="modelPath">The model, as <see cref="LlamaCheckpoints.Open"/> takes it.</param>
    /// <param name="explicitPath">What the user named, if anything.</param>
    /// <exception cref="NasClusterException">There is none, or there are several; the message says how to name one.</exception>
    public static string Find(string modelPath, string? explicitPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        if (explicitPath is not null)
        {
            return File.Exists(explicitPath) ? explicitPath : throw new NasClusterException($"{explicitPath}: no such tokenizer file.");
        }

        try
        {
            return Directory.Exists(modelPath) ? Inside(modelPath) : Beside(modelPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{modelPath}: cannot look for its tokenizer: {FileText.OneLine(e.Message)}", e);
        }
    }

    /// <summary>What a tokenizer file is called in a model's directory: by its kind, whatever it is called now.</summary>
    internal static string NameInDirectory(string path) => IsJson(path) ? JsonName : Name;

    /// <summary>Finds and reads a SentencePiece tokenizer, and checks that it has the model's vocabulary.</summary>
    /// <param name="modelPath">The model, as <see cref="LlamaCheckpoints.Open"/> takes it.</param>
    /// <param name="explicitPath">What the user named, if anything.</param>
    /// <param name="vocabularySize">Rows of the model's embedding.</param>
    /// <exception cref="NasClusterException">There is none, it cannot be read, or its size is not the model's.</exception>
    public static SentencePieceTokenizer Open(string modelPath, string? explicitPath, int vocabularySize)
    {
        var path = Find(modelPath, explicitPath);
        if (IsJson(path))
        {
            throw new NasClusterException(
                $"{path}: this build reads SentencePiece .model files only; name one with --tokenizer, or build the Cluster configuration.");
        }

        var tokenizer = SentencePieceTokenizer.Open(path);
        CheckVocabulary(tokenizer, path, vocabularySize);
        return tokenizer;
    }

    /// <summary>Finds a tokenizer, reads it with what reads more than SentencePiece, and checks that it has the model's vocabulary.</summary>
    /// <param name="read">Reads a tokenizer's file.</param>
    /// <param name="modelPath">The model, as <see cref="LlamaCheckpoints.Open"/> takes it.</param>
    /// <param name="explicitPath">What the user named, if anything.</param>
    /// <param name="vocabularySize">Rows of the model's embedding.</param>
    /// <exception cref="NasClusterException">There is none, it cannot be read, or its size is not the model's.</exception>
    public static ITokenizer OpenWith(Func<string, ITokenizer> read, string modelPath, string? explicitPath, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(read);
        var path = Find(modelPath, explicitPath);
        var tokenizer = read(path);
        CheckVocabulary(tokenizer, path, vocabularySize);
        return tokenizer;
    }

    /// <summary>Fails unless the tokenizer has as many ids as the model has embeddings.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="path">Where it came from, for the message.</param>
    /// <param name="vocabularySize">Rows of the model's embedding.</param>
    /// <exception cref="NasClusterException">The sizes differ.</exception>
    public static void CheckVocabulary(ITokenizer tokenizer, string path, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularySize != vocabularySize)
        {
            throw new NasClusterException(
                $"{path}: the tokenizer has {tokenizer.VocabularySize} pieces, but the model's vocabulary is {vocabularySize}; they "
                + "must be equal.");
        }
    }

    private static string Inside(string directory) =>
        new[] { Name, JsonName }.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new NasClusterException($"{directory}: no {Name} inside; name a SentencePiece .model file with --tokenizer.");

    private static string Beside(string file)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";
        var found = Directory.Exists(directory) ? Directory.GetFiles(directory, "*.model").Order(StringComparer.Ordinal).ToArray() : [];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new NasClusterException($"{file}: no .model file beside it; name its tokenizer with --tokenizer."),
            _ => throw new NasClusterException(
                $"{file}: {found.Length} .model files beside it ({string.Join(", ", found.Take(4).Select(Path.GetFileName))}); "
                + "name its tokenizer with --tokenizer."),
        };
    }

    private static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);
}
