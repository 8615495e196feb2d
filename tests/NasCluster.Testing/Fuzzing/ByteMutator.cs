using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NasCluster.Testing.Fuzzing;

/// <summary>Damages inputs the way files get damaged and the way attackers damage them. The same generator gives the same damage.</summary>
/// <param name="seeds">Well-formed inputs.</param>
/// <param name="words">Text that means something to the format, such as its keys.</param>
internal sealed class ByteMutator(IReadOnlyList<byte[]> seeds, IReadOnlyList<string> words)
{
    private const int LongestGrowth = 4096;

    private static readonly long[] Interesting =
    [
        0, 1, -1, 2, 7, 8, 15, 16, 127, 128, -128, 255, 256, 1000, 4096,
        32767, 32768, -32768, 65535, 65536, 16777215, 16777216, 100_000_000,
        int.MaxValue - 1L, int.MaxValue, int.MaxValue + 1L, int.MinValue, uint.MaxValue, uint.MaxValue + 1L,
        1L << 40, 1L << 53, 1L << 62, long.MaxValue - 7, long.MaxValue, long.MinValue,
    ];

    private static readonly string[] Numbers =
    [
        "1e400", "-0", "1.5", "1e9", "18446744073709551615", "18446744073709551616", "99999999999999999999999999",
        "0x10", "NaN", "-1e-999", "007", "\"1\"", "null", "true", "[]", "{}",
    ];

    /// <summary>A seed with one to a dozen mutations, few more often than many.</summary>
    public byte[] Next(Random random)
    {
        var bytes = new List<byte>(seeds[random.Next(seeds.Count)]);
        var longest = bytes.Count + LongestGrowth;
        do
        {
            Mutate(bytes, random);
            if (bytes.Count > longest)
            {
                bytes.RemoveRange(longest, bytes.Count - longest);
            }
        }
        while (random.Next(12) > 3);
        return [.. bytes];
    }

    private void Mutate(List<byte> bytes, Random random)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
        }

        var at = Place(bytes, random);
        var length = Math.Min(bytes.Count - at, 1 + (random.Next(3) == 0 ? random.Next(256) : random.Next(8)));
        switch (random.Next(14))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)).ToArray());
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(Place(bytes, random), bytes.GetRange(at, length));
                break;
            case 5:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 6:
                Splice(bytes, at, random);
                break;
            case 7:
            case 8:
                OverwriteInteger(bytes, at, random);
                break;
            case 9:
                AdjustLength(bytes, at, random);
                break;
            case 10:
            case 11:
                ReplaceNumber(bytes, at, random);
                break;
            case 12:
                InsertWord(bytes, at, random);
                break;
            default:
                RepeatByte(bytes, at, random);
                break;
        }
    }

    // Lengths and magic numbers sit at the front, so the front is hit more often than its share.
    private static int Place(List<byte> bytes, Random random) =>
        random.Next(4) == 0 ? random.Next(Math.Min(bytes.Count, 16)) : random.Next(bytes.Count);

    private void Splice(List<byte> bytes, int at, Random random)
    {
        var other = seeds[random.Next(seeds.Count)];
        var from = random.Next(other.Length + 1);
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other[from..]);
    }

    private static void OverwriteInteger(List<byte> bytes, int at, Random random)
    {
        Span<byte> value = stackalloc byte[8];
        var picked = Interesting[random.Next(Interesting.Length)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(value, picked);
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(value, picked);
        }

        var width = 1 << random.Next(4);
        for (var i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = value[i];
        }
    }

    /// <summary>Nudges what may be a length: off by little is what off-by-one checks must see.</summary>
    private static void AdjustLength(List<byte> bytes, int at, Random random)
    {
        var delta = random.Next(-8, 9);
        for (var i = at; i < Math.Min(bytes.Count, at + 4); i++)
        {
            var sum = bytes[i] + delta;
            bytes[i] = (byte)sum;
            if (sum is >= 0 and <= 255)
            {
                break;
            }

            delta = sum < 0 ? -1 : 1;
        }
    }

    private static void ReplaceNumber(List<byte> bytes, int at, Random random)
    {
        var first = bytes.FindIndex(at, IsDigit);
        if (first < 0)
        {
            first = bytes.FindIndex(IsDigit);
        }

        if (first < 0)
        {
            return;
        }

        var end = first;
        while (end < bytes.Count && IsDigit(bytes[end]))
        {
            end++;
        }

        var text = Encoding.ASCII.GetString(bytes.GetRange(first, end - first).ToArray());
        bytes.RemoveRange(first, end - first);
        bytes.InsertRange(first, Encoding.ASCII.GetBytes(NewNumber(text, random)));
    }

    private static string NewNumber(string old, Random random) => random.Next(3) switch
    {
        0 when long.TryParse(old, CultureInfo.InvariantCulture, out var value) =>
            (value + random.Next(-8, 9)).ToString(CultureInfo.InvariantCulture),
        1 => Numbers[random.Next(Numbers.Length)],
        _ => Interesting[random.Next(Interesting.Length)].ToString(CultureInfo.InvariantCulture),
    };

    private void InsertWord(List<byte> bytes, int at, Random random)
    {
        if (words.Count > 0)
        {
            bytes.InsertRange(at, Encoding.UTF8.GetBytes(words[random.Next(words.Count)]));
        }
    }

    // Deep nesting and endless padding.
    private static void RepeatByte(List<byte> bytes, int at, Random random)
    {
        var value = random.Next(2) == 0 ? "[{(\" \n-:"u8[random.Next(8)] : bytes[at];
        bytes.InsertRange(at, Enumerable.Repeat(value, 1 << random.Next(12)).ToArray());
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
