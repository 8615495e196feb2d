using System.Collections.Immutable;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Specification.Tests.Core;

public sealed class SpaceSpecTests
{
    private static readonly LlamaConfiguration Stories = new()
    {
        VocabularySize = 512,
        HiddenSize = 64,
        HeadSize = 8,
        QueryHeadsPerKvHead = 2,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(4, 172), 5)],
        MaximumPositions = 512,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbeddings = true,
    };

    [Fact]
    public void Resolve_Defaults_FillsInTheModelsNumbers()
    {
        var space = new SpaceSpec().Resolve(Stories);
        Assert.Equal([3, 4, 5], space.Depths.ToArray());
        Assert.Empty(space.LayerOrder);
        Assert.Equal(Enumerable.Repeat("86 129 172", 5), Texts(space.MlpWidths));
        Assert.Empty(space.KvGroupCounts);
        Assert.Empty(space.Problems(Stories));
    }

    [Fact]
    public void Resolve_EverythingGiven_SortsItAndKeepsTheOrder()
    {
        var space = new SpaceSpec { Depth = [5, 2], Mlp = [new(40), new(0.5)], KvGroups = [4, 2], LayerOrder = [4, 0, 3, 1, 2] }.Resolve(Stories);
        Assert.Equal([2, 5], space.Depths.ToArray());
        Assert.Equal([4, 0, 3, 1, 2], space.LayerOrder.ToArray());
        Assert.Equal(Enumerable.Repeat("40 86", 5), Texts(space.MlpWidths));
        Assert.Equal(Enumerable.Repeat("2 4", 5), Texts(space.KvGroupCounts));
        Assert.Empty(space.Problems(Stories));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 3)]
    [InlineData(10, 6)]
    [InlineData(32, 20)]
    public void Resolve_DefaultDepth_StartsAtSixtyPercentRoundedUp(int layers, int least)
    {
        var depths = new SpaceSpec().Resolve(Stories with { Layers = [.. Enumerable.Repeat(new LlamaLayerShape(4, 172), layers)] }).Depths;
        Assert.Equal((least, layers), (depths[0], depths[^1]));
    }

    [Fact]
    public void Resolve_UnequalLayers_TakesSharesOfEachAndMergesEqualCounts()
    {
        var uneven = Stories with { Layers = [new(4, 172), new(2, 3), new(1, 0)] };
        var space = new SpaceSpec { Mlp = [new(1), new(0.5), new(0.6)], KvGroups = [1] }.Resolve(uneven);
        Assert.Equal(["86 103 172", "2 3", "0"], Texts(space.MlpWidths));
        Assert.Equal(["1", "1", "1"], Texts(space.KvGroupCounts));
        Assert.Empty(space.Problems(uneven));
    }

    [Fact]
    public void Resolve_SpaceBeyondTheModel_NamesEveryValue()
    {
        var space = new SpaceSpec { Depth = [2, 6], Mlp = [new(0.5), new(173)], KvGroups = [5], LayerOrder = [1, 0] };
        var failure = Assert.Throws<SpecificationException>(() => space.Resolve(Stories));
        Assert.Equal(
            [
                "space.depth[1] is 6; the model has 5 layers.",
                "space.layer_order names 2 layers; it must name all 5 of the model.",
                "space.mlp[1] is 173; layer 0 of the model has 172 MLP channels.",
                "space.kv_groups[0] is 5; layer 0 of the model has 4 KV groups.",
            ],
            failure.Problems.Select(p => p.Message));
    }

    [Fact]
    public void CheckAgainst_TooLongWindows_NamesEach()
    {
        var spec = new SearchSpec { Data = new() { Window = 513 }, Measurement = new() { Tokens = 600 }, Costs = new() { Context = 700 } };
        Assert.Equal(["data.window", "measurement.tokens", "costs.context"], SearchSpecRules.CheckAgainst(spec, Stories).Select(p => p.Key));
    }

    [Theory]
    [InlineData(500, 13, "decode_ms", "measurement.new_tokens is 13, with measurement.tokens 500 513; the model takes at most 512 positions.")]
    [InlineData(500, 12, "decode_ms", null)]
    [InlineData(null, 511, "prefill_ms", "measurement.new_tokens is 511, with the 2 tokens before them 513; the model takes at most 512 positions.")]
    [InlineData(null, 510, "prefill_ms", null)]
    [InlineData(512, 16, "latency_ms", null)]
    public void CheckAgainst_DecodingBeyondThePositions_IsAProblem(int? tokens, int newTokens, string objective, string? message)
    {
        var spec = new SearchSpec { Objectives = [objective], Measurement = new() { Tokens = tokens, NewTokens = newTokens } };
        Assert.Equal(message is null ? [] : [message], SearchSpecRules.CheckAgainst(spec, Stories).Select(p => p.Message));
    }

    [Theory]
    [InlineData(0.5, 11008, 5504)]
    [InlineData(0.5, 5, 3)]
    [InlineData(0.001, 5, 1)]
    [InlineData(1, 172, 172)]
    [InlineData(0.5, 0, 0)]
    [InlineData(8192, 11008, 8192)]
    public void Channels_Width_RoundsHalvesUpAndKeepsOne(double width, int available, int expected) => Assert.Equal(expected, new MlpWidth(width).Channels(available));

    private static IEnumerable<string> Texts(ImmutableArray<ImmutableArray<int>> lists) => lists.Select(l => string.Join(' ', l));
}
