using System.Text;
using System.Text.Json;
using NasCluster.Testing;
using Portable = NasCluster.Llama.Tokenizers.SentencePieceTokenizer;

namespace NasCluster.Tokenizers.Tests.SentencePiece;

public class PublishedVectorTests
{
    private const string Folder = "tokenizers/llama2";
    private const string Stories = "models/stories260K";

    [SharedDataFact(Folder + "/tokenizer.model", Folder + "/vectors.inp.txt", Folder + "/vectors.out.txt")]
    public void Encode_Llama2Vectors_GivesAll47()
    {
        var tokenizer = MlTokenizers.Open(SharedData.PathOf(Folder)); // The directory of a model.
        var inputs = File.ReadAllText(SharedData.PathOf(Folder + "/vectors.inp.txt")).Split("\n__ggml_vocab_test__\n");
        var outputs = File.ReadAllText(SharedData.PathOf(Folder + "/vectors.out.txt")).Split('\n');

        Assert.Equal((47, 47), (inputs.Length, outputs.Length));
        foreach (var (input, output) in inputs.Zip(outputs))
        {
            var expected = output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
            Assert.Equal(expected, tokenizer.Encode(input));
            Assert.Equal(input, Encoding.UTF8.GetString(tokenizer.Decode(expected)));
        }
    }

    [SharedDataFact(Stories + "/tok512.model", Stories + "/reference.json")]
    public void Encode_StoriesText_GivesReferenceIds()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf(Stories + "/reference.json")));
        var text = reference.RootElement.GetProperty("text1").GetString()!;
        var expected = reference.RootElement.GetProperty("text1_ids").EnumerateArray().Select(e => e.GetInt32()).ToArray();

        var tokenizer = MlTokenizers.Open(SharedData.PathOf(Stories + "/tok512.model"));

        Assert.Equal((512, 1, 2), (tokenizer.VocabularySize, tokenizer.BeginningOfSequence, tokenizer.EndOfSequence));
        Assert.Equal(expected[1..], tokenizer.Encode(text));
        Assert.Equal(text, Encoding.UTF8.GetString(tokenizer.Decode(expected)));
    }

    /// <summary>Both make the same ids of a file, so sets of evaluations and what was cached of them are the same for both.</summary>
    [Fact]
    public void Fingerprint_SameFile_IsThePortableTokenizers()
    {
        var file = Path.Combine(SharedData.RepositoryRoot, "src/NasCluster.Local/Models/small-world/tokenizer.model");
        Assert.Equal(Portable.Open(file).Fingerprint, MlTokenizers.Open(file).Fingerprint);
    }
}
