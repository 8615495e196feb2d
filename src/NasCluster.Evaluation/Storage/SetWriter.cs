using System.Buffers.Binary;
using System.Text;
using NasCluster.Core;

namespace NasCluster.Evaluation.Storage;

/// <summary>Writes the values of an evaluation set file.</summary>
internal sealed class SetWriter : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private readonly MemoryStream _stream = new();

    internal ReadOnlySpan<byte> Written => _stream.GetBuffer().AsSpan(0, (int)_stream.Length);

    public void Dispose() => _stream.Dispose();

    internal void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    internal void WriteFixed(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _stream.Write(bytes);
    }

    /// <summary>Writes a number that is not negative, in as few bytes as it needs.</summary>
    internal void Write(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        var left = (uint)value;
        for (; left >= 0x80; left >>= 7)
        {
            _stream.WriteByte((byte)(left | 0x80));
        }

        _stream.WriteByte((byte)left);
    }

    internal void Write(bool value) => _stream.WriteByte(value ? (byte)1 : (byte)0);

    internal void Write(string text)
    {
        try
        {
            var bytes = Utf8.GetBytes(text);
            Write(bytes.Length);
            _stream.Write(bytes);
        }
        catch (EncoderFallbackException e)
        {
            throw new NasClusterException("The evaluation sets cannot be written: half of a surrogate pair stands alone in one of their texts.", e);
        }
    }
}
