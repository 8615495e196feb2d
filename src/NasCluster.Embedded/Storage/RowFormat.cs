using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Storage;

/// <summary>How domain values look in columns. Anything malformed is a <see cref="FormatException"/>.</summary>
/// <remarks>
/// Floating-point numbers are blobs of their eight bytes, little-endian: a REAL column would lose the sign of a negative zero,
/// and results must be equal to the bit. Genomes and times are text that can be read in any SQLite shell.
/// </remarks>
internal static class RowFormat
{
    public static byte[] Doubles(IReadOnlyList<double> values)
    {
        var bytes = new byte[8 * values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), values[i]);
        }

        return bytes;
    }

    public static ImmutableArray<double> Doubles(byte[] bytes)
    {
        if (bytes.Length % 8 != 0)
        {
            throw new FormatException($"{bytes.Length} bytes are not a whole number of eight-byte values");
        }

        return [.. Enumerable.Range(0, bytes.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 * i)))];
    }

    /// <summary>Value and standard error in turn.</summary>
    public static byte[] Values(ImmutableArray<ObjectiveValue> values) => Doubles([.. values.SelectMany(v => new[] { v.Value, v.StandardError })]);

    public static ImmutableArray<ObjectiveValue> Values(byte[] bytes)
    {
        var doubles = Doubles(bytes);
        if (doubles.Length % 2 != 0)
        {
            throw new FormatException("a value lacks its standard error");
        }

        return [.. Enumerable.Range(0, doubles.Length / 2).Select(i => new ObjectiveValue(doubles[2 * i], doubles[(2 * i) + 1]))];
    }

    public static string GenomeText(Genome genome) => string.Join(',', genome.Genes.Select(g => g.ToString(CultureInfo.InvariantCulture)));

    public static Genome Genome(string text) =>
        new(text.Length == 0 ? [] : [.. text.Split(',').Select(g => int.Parse(g, NumberStyles.None, CultureInfo.InvariantCulture))]);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static string SourceText(OutcomeSource source) => source switch
    {
        OutcomeSource.Evaluated => "evaluated",
        OutcomeSource.Remembered => "remembered",
        OutcomeSource.Parked => "parked",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };

    public static OutcomeSource Source(string text) => text switch
    {
        "evaluated" => OutcomeSource.Evaluated,
        "remembered" => OutcomeSource.Remembered,
        "parked" => OutcomeSource.Parked,
        _ => throw new FormatException($"'{text}' is no source of outcomes"),
    };
}
