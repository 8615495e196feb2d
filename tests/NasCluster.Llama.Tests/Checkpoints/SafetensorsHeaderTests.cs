using System.Buffers.Binary;
using System.Text;
using NasCluster.Core;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Llama.Tests.Checkpoints;

public class SafetensorsHeaderTests(ITestOutputHelper output)
{
    private const string A = """ "a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]} """;
    private const string B = """ "b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]} """;

    [Fact]
    public void Parse_WellFormed_ListsTensorsByPlace()
    {
        var file = RawSafetensors.File($$"""{{{B}},"__metadata__":{"format":"pt"},"none":{"dtype":"I64","shape":[0,7],"data_offsets":[24,24]},{{A}}}   """, 32);
        var header = SafetensorsHeader.Parse(file, file.Length, "x.safetensors");
        Assert.Equal(["a", "none", "b"], header.Entries.Select(e => e.Name));
        Assert.Equal(file.Length - 32, header.DataStart);
        Assert.Equal([2, 3], header.Entries[0].Shape);
        Assert.Equal(("BF16", 24L, 32L), (header.Entries[2].Type, header.Entries[2].Begin, header.Entries[2].End));
    }

    [Theory]
    [InlineData("{" + A + "," + A + "}", 24, "header lists \"a\" twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4, "tensor \"a\" has \"dtype\" twice")]
    [InlineData("""{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor \"a\" has unknown dtype \"F33\"")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4, "dtype of tensor \"a\" is no string")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "tensor \"a\" of F32 [2] needs 8 bytes, but data_offsets [0, 4] give it 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "shape of tensor \"a\" has entry 0 that is no integer in [0,")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "shape of tensor \"a\" has entry 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}""", 4, "of tensor \"a\" is larger than any file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "shape of tensor \"a\" has more than 8 entries")]
    [InlineData("""{"a":{"dtype":"F32","shape":7,"data_offsets":[0,4]}}""", 4, "shape of tensor \"a\" is a Number; it must be an array")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "data_offsets of tensor \"a\" must be two numbers, begin and end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "data_offsets of tensor \"a\" must be two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[]}}""", 4, "data_offsets of tensor \"a\" is empty")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "data_offsets of tensor \"a\" has more than 2 entries")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}""", 4, "data_offsets of tensor \"a\" has entry 1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "tensor \"a\" has no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":1}}""", 4, "tensor \"a\" has unknown key \"extra\"")]
    [InlineData("""{"a":[]}""", 0, "tensor \"a\" is a StartArray; it must be an object")]
    [InlineData("""{"__metadata__":{"format":1}}""", 0, "__metadata__ must be an object of strings")]
    [InlineData("""{"__metadata__":{"format":"a","format":"b"}}""", 0, "__metadata__ must be an object of strings")]
    [InlineData("{" + A + "," + B + "}", 31, "tensor \"b\" ends at byte 32 of the data, but the file has 31")]
    [InlineData("{" + A + "," + B + "}", 33, "1 bytes lie behind the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "tensor \"b\" begins at byte 4 of the data, but the one before it ends at 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "tensor \"b\" begins at byte 8 of the data, but the one before it ends at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor \"a\" begins at byte 4 of the data, but the one before it ends at 0")]
    [InlineData("{" + A + "}\n", 24, "header byte 59 is 0x0a, behind the end of its JSON; only spaces may be there")]
    [InlineData("{" + A + "} x", 24, "behind the end of its JSON; only spaces may be there")]
    [InlineData("{" + A, 24, "header is not valid JSON")]
    [InlineData("{" + A + ",}", 24, "header is not valid JSON")]
    [InlineData("""{"a\ud800":{}}""", 0, "header is not valid JSON")]
    [InlineData("""{"a":{"dtype":[[[[[[[[[[]]]]]]]]]]}}""", 0, "dtype of tensor \"a\" is no string")]
    [InlineData("""{"__metadata__":[[[[[[[[[[]]]]]]]]]]}""", 0, "__metadata__ must be an object")]
    [InlineData("[]", 0, "it must start with '{'")]
    [InlineData(" {}", 0, "it must start with '{'")]
    [InlineData("", 0, "it must start with '{'")]
    [InlineData("{\"a\u0000\u0007\":1}", 0, "header is not valid JSON")]
    public void Parse_Malformed_NamesFilePlaceAndRule(string header, int dataBytes, string message)
    {
        var file = RawSafetensors.File(header, dataBytes);
        var e = Assert.Throws<NasClusterException>(() => SafetensorsHeader.Parse(file, file.Length, "dir/x.safetensors"));
        Assert.StartsWith("dir/x.safetensors: ", e.Message);
        Assert.Contains(message, e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData(25, "header length is 25, but only 24 bytes follow it")]
    [InlineData(100_000_000, "header length is 100000000, but only 24 bytes follow it")]
    [InlineData(100_000_001, "header length is 100000001; it must be at most 100000000")]
    [InlineData(-1, "header length is 18446744073709551615; it must be at most 100000000")]
    public void Parse_HeaderLengthBeyondFile_IsRefused(long length, string message)
    {
        var file = new byte[32];
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        Assert.Contains(message, Assert.Throws<NasClusterException>(() => SafetensorsHeader.Parse(file, file.Length, "x")).Message);
    }

    [Fact]
    public void Parse_FewerThanEightBytes_IsRefused() =>
        Assert.Contains("7 bytes are too few", Assert.Throws<NasClusterException>(() => SafetensorsHeader.Parse(new byte[7], 7, "x")).Message);

    [Fact]
    public void Parse_InvalidUtf8_IsRefused()
    {
        var file = RawSafetensors.File("{\"abc\":1}", 0);
        file[11] = 0xff;
        Assert.Contains("UTF-8", Assert.Throws<NasClusterException>(() => SafetensorsHeader.Parse(file, file.Length, "x")).Message);
    }

    [Fact]
    public void Parse_NameWithControlCharacters_ShowsThemHarmlessly()
    {
        var file = RawSafetensors.File("""{"a\n\u001b[2J":1}""", 0);
        var message = Assert.Throws<NasClusterException>(() => SafetensorsHeader.Parse(file, file.Length, "x")).Message;
        Assert.Contains("\"a??[2J\"", message);
    }

    [Fact]
    public void Parse_MutatedFiles_AcceptsOrRefuses()
    {
        byte[][] seeds = [RawSafetensors.File($$"""{"__metadata__":{"format":"pt"},{{A}},{{B}}}    """, 32), RawSafetensors.File("{}", 0), RawSafetensors.File($"{{{A}}}", 24)];
        var words = new[] { "\"a\":", "\"dtype\":\"F16\",", "\"shape\":[],", "\"data_offsets\":[0,0],", "\"__metadata__\":{},", "\\ud800", "\\u0000", ",", "{}", "[[[[[[[[[[" };
        output.WriteLine(Fuzzer.Run(seeds, b => SafetensorsHeader.Parse(b, b.Length, "x.safetensors"), new FuzzOptions { Words = words }).ToString());
    }

    [Fact]
    public void ParseIndex_MutatedFiles_AcceptsOrRefuses()
    {
        byte[][] seeds = [Encoding.UTF8.GetBytes("""{"metadata":{"total_size":12},"weight_map":{"a":"m-1-of-2.safetensors","b":"m-2-of-2.safetensors"}}""")];
        var words = new[] { "\"weight_map\":", "../", "\"a\":", "\\ud800", "\\n", "null," };
        output.WriteLine(Fuzzer.Run(seeds, b => SafetensorsIndex.Parse(b, "index.json"), new FuzzOptions { Words = words }).ToString());
    }
}
