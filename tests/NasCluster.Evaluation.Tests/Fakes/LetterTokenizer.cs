using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Tests.Fakes;

/// <summary>Every UTF-16 letter below 256 is its own id, but a space joins the letter after it, as SentencePiece's pieces do: its id is 256 higher.</summary>
internal sealed class LetterTokenizer(bool hasMark = true, bool joinsSpaces = false) : ITokenizer
{
    internal const int Mark = 512;

    public int VocabularySize => 513;

    public int? BeginningOfSequence => hasMark ? Mark : null;

    public int? EndOfSequence => null;

    public string Fingerprint => "letters";

    /// <summary>Letters given to <see cref="Encode"/> so far.</summary>
    internal int Encoded { get; private set; }

    public int[] Encode(string text)
    {
        Encoded += text.Length;
        var ids = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            ids.Add(joinsSpaces && text[i] == ' ' && i + 1 < text.Length && text[i + 1] != ' ' ? 256 + (text[++i] % 256) : text[i] % 256);
        }

        return [.. ids];
    }

    public byte[] Decode(IReadOnlyList<int> ids) => [.. ids.Select(i => (byte)i)];
}
