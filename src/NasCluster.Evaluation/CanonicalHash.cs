using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NasCluster.Evaluation;

/// <summary>SHA-256 over a sequence of values, each with its type and length before it, so that different sequences never give the same bytes.</summary>
internal sealed class CanonicalHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Starts a hash.</summary>
    /// <param name="purpose">What is hashed and in which version of the layout; another purpose gives other hashes.</param>
    internal CanonicalHash(string purpose) => Add(purpose);

    internal CanonicalHash Add(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Header('s', bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    internal CanonicalHash Add(long value)
    {
        Header('i', value);
        return this;
    }

    /// <summary>Adds a number's bits: 0 and -0 differ.</summary>
    internal CanonicalHash Add(double value)
    {
        Header('d', BitConverter.DoubleToInt64Bits(value));
        return this;
    }

    internal CanonicalHash Add(double? value) => value is { } number ? Add(number) : Nothing();

    internal CanonicalHash Add(ReadOnlySpan<int> values)
    {
        Header('a', values.Length);
        if (BitConverter.IsLittleEndian)
        {
            _hash.AppendData(MemoryMarshal.AsBytes(values));
            return this;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            _hash.AppendData(bytes);
        }

        return this;
    }

    /// <summary>The hash in lower-case hexadecimal. Nothing can be added afterwards.</summary>
    internal string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private CanonicalHash Nothing()
    {
        Header('n', 0);
        return this;
    }

    private void Header(char type, long value)
    {
        Span<byte> bytes = stackalloc byte[1 + sizeof(long)];
        bytes[0] = (byte)type;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], value);
        _hash.AppendData(bytes);
    }
}
