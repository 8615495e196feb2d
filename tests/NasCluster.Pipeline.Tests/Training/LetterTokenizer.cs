using NasCluster.Core.SuperNetworks;

namespace NasCluster.Pipeline.Tests.Training;

/// <summary>Every character below 256 is its own id.</summary>
internal sealed class LetterTokenizer(bool hasBeginning = true, bool hasEnd = true) : ITokenizer
{
    internal const int Beginning = 256;
    internal const int End = 257;

    public int VocabularySize => 258;

    public int? BeginningOfSequence => hasBeginning ? Beginning : null;

    public int? EndOfSequence => hasEnd ? End : null;

    public string Fingerprint => "letters";

    public int[] Encode(string text) => [.. text.Select(c => c % 256)];

    public byte[] Decode(IReadOnlyList<int> ids) => [.. ids.Select(i => (byte)i)];
}
