using System.Buffers;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>A byte-level byte-pair vocabulary (LLaMA-3): text is split by a pattern, and the bytes of each chunk are joined by rank.</summary>
internal sealed class ByteLevelTokenizer(ByteLevelModel model, string fingerprint) : ITokenizer
{
    public int VocabularySize => model.Tokens.Count;

    public int? BeginningOfSequence => model.Beginning;

    public int? EndOfSequence => model.End;

    public string Fingerprint => fingerprint;

    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. model.Library.EncodeToIds(WellFormed.Of(text), considerPreTokenization: true, considerNormalization: false)];
    }

    // The library decodes to text, which loses bytes that are no UTF-8 on their own.
    public byte[] Decode(IReadOnlyList<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>();
        for (var i = 0; i < ids.Count; i++)
        {
            if (ids[i] < 0 || ids[i] >= VocabularySize)
            {
                throw new NasClusterException($"Token {ids[i]} at place {i} is not in the vocabulary; ids are in [0, {VocabularySize - 1}].");
            }

            bytes.Write(model.Tokens[ids[i]]);
        }

        return bytes.WrittenSpan.ToArray();
    }
}
