using System.Buffers.Binary;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Llama.Tests.Checkpoints;

public class Llama2cFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Parse_MutatedHeaders_AcceptsOrRefuses()
    {
        // The last 8 bytes stand for the file's length, so that the mutations reach both sides of the size check.
        byte[][] seeds = [Seed(64, 172, 5, 8, 4, 512, 512, 1_056_540), Seed(8, 4, 1, 2, 1, -3, 2, 1_500)];
        output.WriteLine(Fuzzer.Run(seeds, Parse).ToString());
    }

    private static void Parse(byte[] input)
    {
        var length = input.Length < 8 ? input.Length : BinaryPrimitives.ReadInt64LittleEndian(input.AsSpan(input.Length - 8));
        Llama2cLayout.Parse(input.AsSpan(0, Math.Min(Math.Max(0, input.Length - 8), Llama2cLayout.HeaderBytes)), length, "model.bin");
    }

    private static byte[] Seed(int dim, int hidden, int layers, int heads, int kvHeads, int vocabulary, int positions, long length)
    {
        var bytes = new byte[36];
        int[] fields = [dim, hidden, layers, heads, kvHeads, vocabulary, positions];
        for (var i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), fields[i]);
        }

        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(28), length);
        return bytes;
    }
}
