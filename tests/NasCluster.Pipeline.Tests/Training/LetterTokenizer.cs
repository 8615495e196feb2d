using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline.Tests.Training;

/// <summary>Every character below 256 is its own id; two letters in a row that are the same become one token, its id 300.</summary>
internal sealed class LetterTokenizer(bool hasBeginning = true, bool hasEnd = true) : ITokenizer
{
    internal const int Beginning = 256;
    internal const int End = 257;
    internal const int Pair = 300;

    public int VocabularySize => 301;

    public int? BeginningOfSequence => hasBeginning ? Beginning : null;

    public int? EndOfSequence => hasEnd ? End : null;

    public string Fingerprint => "letters";

    public int[] Encode(string text)
    {
        var ids = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsLetter(text[i]) && text[i] == text[i + 1];
            ids.Add(isPair ? Pair : text[i] % 256);
            i += isPair ? 1 : 0;
        }

        return [.. ids];
    }

    public byte[] Decode(IReadOnlyList<int> ids) => [.. ids.Select(i => (byte)i)];
}
