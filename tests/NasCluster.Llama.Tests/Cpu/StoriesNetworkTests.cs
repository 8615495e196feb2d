using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Cpu;

/// <summary>The engine against figures that two other implementations agree on, for a network somebody trained.</summary>
public sealed class StoriesNetworkTests
{
    private const string Model = "models/stories260K/stories260K.bin";
    private const string Reference = "models/stories260K/reference.json";
    private const string LogitsFile = "models/stories260K/logits_once.f32";

    public static TheoryData<VectorPath> Paths => [VectorPath.Auto, VectorPath.Vector512, VectorPath.Vector256, VectorPath.Vector128, VectorPath.Scalar];

    [SharedDataTheory(Model, Reference)]
    [MemberData(nameof(Paths))]
    public void Score_ReferenceText_HasReferenceLikelihoods(VectorPath path)
    {
        using var network = Load(path);
        var result = network.Score([Full(network)], [new ScoringRequest([.. Ids("text1_ids")], 1, true)], default)[0][0];
        var expected = Read().GetProperty("text1_token_ll").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        Assert.Equal(expected.Length, result.PerToken.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(result.PerToken[i], expected[i] - 3e-5, expected[i] + 3e-5);
        }

        Assert.InRange(result.Sum / expected.Length, -1.1489828 - 5e-6, -1.1489828 + 5e-6);
    }

    [SharedDataFact(Model, Reference)]
    public void Score_HuggingFaceLayoutOfTheSameWeights_HasTheSameBits()
    {
        // llama2.c interleaves rotary pairs, Hugging Face halves them: the engine must see one network.
        using var folder = new TemporaryDirectory();
        using var flat = Load(VectorPath.Auto);
        using (var stories = LlamaCheckpoints.Open(SharedData.PathOf(Model)))
        {
            HuggingFaceDirectory.Write(stories, folder.At("hf"));
        }

        using var checkpoint = LlamaCheckpoints.Open(folder.At("hf"));
        using var halves = new CpuSuperNetwork(checkpoint);

        Assert.Equal(
            flat.NextTokenLogits(Full(flat), Ids("text1_ids")).Select(BitConverter.SingleToInt32Bits),
            halves.NextTokenLogits(Full(halves), Ids("text1_ids")).Select(BitConverter.SingleToInt32Bits));
    }

    [SharedDataFact(Model, Reference, LogitsFile)]
    public void NextTokenLogits_ReferenceText_HasReferenceLogits()
    {
        using var network = Load(VectorPath.Auto);
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(SharedData.PathOf(LogitsFile))).ToArray();
        var actual = network.NextTokenLogits(Full(network), Ids("logits_text_ids"));
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - 1e-4f, expected[i] + 1e-4f);
        }
    }

    [SharedDataTheory(Model, Reference)]
    [InlineData(null, "greedy_from_BOS_50")]
    [InlineData("greedy_prompt_ids", "greedy_after_prompt_50")]
    public void NextTokenLogits_GreedyContinuation_IsTheReferences(string? prompt, string continuation)
    {
        using var network = Load(VectorPath.Auto);
        List<int> tokens = prompt is null ? [1] : [.. Ids(prompt)];
        var start = tokens.Count;
        var expected = Ids(continuation);
        var vocabulary = network.Info.Configuration.VocabularySize;
        foreach (var _ in expected)
        {
            var row = network.NextTokenLogits(Full(network), tokens).AsSpan((tokens.Count - 1) * vocabulary).ToArray();
            tokens.Add(Array.IndexOf(row, row.Max()));
        }

        Assert.Equal(expected, tokens.Skip(start));
        var scored = network.Score([Full(network)], [new ScoringRequest([.. tokens], start)], default)[0][0];
        Assert.True(scored.IsGreedy);
    }

    private static CpuSuperNetwork Load(VectorPath path)
    {
        using var checkpoint = LlamaCheckpoints.Open(SharedData.PathOf(Model));
        return new CpuSuperNetwork(checkpoint, new CpuEngineOptions { VectorPath = path });
    }

    private static Core.Architectures.Architecture Full(CpuSuperNetwork network) => network.Info.Configuration.FullArchitecture;

    private static JsonElement Read() => JsonDocument.Parse(File.ReadAllText(SharedData.PathOf(Reference))).RootElement;

    private static ImmutableArray<int> Ids(string name) => [.. Read().GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
