using System.Text;
using System.Text.Json;
using NasCluster.Llama.Tokenizers;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Tokenizers;

public class PublishedVectorTests
{
    private const string Folder = "tokenizers/llama2";
    private const string Stories = "models/stories260K";

    [SharedDataFact(Folder + "/tokenizer.model", Folder + "/vectors.inp.txt", Folder + "/vectors.out.txt")]
    public void Encode_Llama2Vectors_GivesAll47()
    {
        var tokenizer = SentencePieceTokenizer.Open(SharedData.PathOf(Folder + "/tokenizer.model"));
        var inputs = File.ReadAllText(SharedData.PathOf(Folder + "/vectors.inp.txt")).Split("\n__ggml_vocab_test__\n");
        var outputs = File.ReadAllText(SharedData.PathOf(Folder + "/vectors.out.txt")).Split('\n');

        // The 47th vector is the empty text behind the last separator, whose ids are the empty last line. No line has a BOS.
        Assert.Equal((47, 47), (inputs.Length, outputs.Length));
        for (var i = 0; i < outputs.Length; i++)
        {
            var expected = outputs[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
            Assert.Equal(expected, tokenizer.Encode(inputs[i]));
            Assert.Equal(inputs[i], Encoding.UTF8.GetString(tokenizer.Decode(expected)));
        }
    }

    [SharedDataFact(Stories + "/tok512.model", Stories + "/reference.json")]
    public void Encode_StoriesText_GivesReferenceIds()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf(Stories + "/reference.json")));
        var text = reference.RootElement.GetProperty("text1").GetString()!;
        var expected = reference.RootElement.GetProperty("text1_ids").EnumerateArray().Select(e => e.GetInt32()).ToArray();

        var tokenizer = SentencePieceTokenizer.Open(SharedData.PathOf(Stories + "/tok512.model"));

        Assert.Equal(512, tokenizer.VocabularySize);
        Assert.Equal(1, tokenizer.BeginningOfSequence);
        Assert.Equal(2, tokenizer.EndOfSequence);
        Assert.Equal(expected[1..], tokenizer.Encode(text));
        Assert.Equal(text, Encoding.UTF8.GetString(tokenizer.Decode(expected)));
    }
}
