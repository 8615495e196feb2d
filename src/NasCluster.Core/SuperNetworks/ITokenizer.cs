namespace NasCluster.Core.SuperNetworks;

/// <summary>Text to token ids and back.</summary>
public interface ITokenizer
{
    /// <summary>How many ids there are.</summary>
    int VocabularySize { get; }

    /// <summary>The id that starts a sequence, if the vocabulary has one.</summary>
    int? BeginningOfSequence { get; }

    /// <summary>The id that ends a sequence, if the vocabulary has one.</summary>
    int? EndOfSequence { get; }

    /// <summary>Hash of whatever decides the ids, in lower-case hexadecimal.</summary>
    string Fingerprint { get; }

    /// <summary>The ids of a text, without beginning or end marks.</summary>
    /// <param name="text">Any text; what no piece covers becomes byte tokens.</param>
    int[] Encode(string text);

    /// <summary>The bytes that ids stand for (UTF-8 if they came from text).</summary>
    /// <exception cref="NasClusterException">An id is not in the vocabulary.</exception>
    byte[] Decode(IReadOnlyList<int> ids);
}
