using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline.Tests.Training;

/// <summary>Every character below 256 is its own id, but a colon and the capital letter behind it are one token. No marks.</summary>
internal sealed class JoiningTokenizer : ITokenizer
{
    internal const int Joined = 256;

    public int VocabularySize => 257;

    public int? BeginningOfSequence => null;

    public int? EndOfSequence => null;

    public string Fingerprint => "joining";

    public int[] Encode(string text)
    {
        var ids = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var joins = text[i] == ':' && i + 1 < text.Length && char.IsAsciiLetterUpper(text[i + 1]);
            ids.Add(joins ? Joined : text[i] % 256);
            i += joins ? 1 : 0;
        }

        return [.. ids];
    }

    public byte[] Decode(IReadOnlyList<int> ids) => [.. ids.Select(i => (byte)i)];
}
