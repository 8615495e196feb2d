using System.Globalization;
using System.Text;

namespace NasCluster.Tokenizers.Tests;

/// <summary>Texts that tokenizers get wrong: runs, spaces, characters of all lengths, halves of pairs, and what looks like a mark or a byte piece.</summary>
internal static class RandomTexts
{
    private static readonly string[] Alphabets =
    [
        "ab ", "abc", "aaab!!=-", "the and of\n ", " etaoinshrdlu.,'", "0123456789 .", " \t\r\n\u00a0\u3000\u0085a1",
        "\u00e9\u00fc\u00df\u017f\u0130\u01c5e ", "\u4f60\u597d\u0e01\u0e33\u0917\u094d a", "\u2581 a\ufffd\u200b\ufeff\u0378",
        "\0\u0001\u001f\u007f\u0080 a",
    ];

    private static readonly string[] Words =
    [
        "the", " the", "  ", "\n\n", "I've", "'s", "'S", "'\u017f", "'LL", "<s>", "</s>", "<unk>", "<0x0A>", "<0x00>", "<|begin_of_text|>", "<|end_of_text|>",
        "<|eot_id|>", "\u2581", " \u2581", "\ud83d\ude00", "\ud835\udc00b", "\ud840\udc00", "\ud835\udfd8", "\ud800", "\udc00", "\udc00\ud800", "Question:", " Tom",
        "Answer", "\u0000", "e\u0301", "12345", "\u0663\u0664", "!!!!!!", "=====", "\U000e0041", "\uffff",
    ];

    /// <summary>How many texts the tests of agreement try: as many as the environment variable NASCLUSTER_TEXTS says, or this many.</summary>
    public static int Count(int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable("NASCLUSTER_TEXTS"), CultureInfo.InvariantCulture, out var count) ? count : otherwise;

    /// <summary>The same texts for the same seed.</summary>
    public static IEnumerable<string> Of(int seed, int count)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Clear();
            var alphabet = Alphabets[random.Next(Alphabets.Length)];
            for (var left = random.Next(random.Next(8) == 0 ? 200 : 24); left > 0; left--)
            {
                switch (random.Next(12))
                {
                    case 0:
                        text.Append(Words[random.Next(Words.Length)]);
                        break;
                    case 1:
                        text.Append((char)random.Next(random.Next(2) == 0 ? 0x250 : 0x10000));
                        break;
                    case 2:
                        text.Append(alphabet[random.Next(alphabet.Length)], random.Next(9));
                        break;
                    default:
                        text.Append(alphabet[random.Next(alphabet.Length)]);
                        break;
                }
            }

            yield return text.ToString();
        }
    }
}
