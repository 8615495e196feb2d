using System.Collections.Immutable;
using NasCluster.Core.Randomness;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Core.Tests.Spaces;

/// <summary>Spaces of layers of unequal width, held to what their options say when it is listed by brute force.</summary>
public class LlamaSpacePropertyTests
{
    [Fact]
    public void DistinctCount_UnequalLayers_EqualsTheCountOfCanonicalGenomesAndOfWhatTheOptionsAllow()
    {
        var unequal = 0;
        ForRandomSpaces((configuration, space) =>
        {
            var all = SmallSpaces.AllGenomes(space.Cardinalities).ToList();
            var decoded = all.Select(g => space.Decode(g).ToString()).ToHashSet();

            Assert.Equal(all.Count, space.EncodingCount);
            Assert.Equal(all.Select(space.Canonicalise).Distinct().Count(), space.DistinctCount);
            Assert.Equal(AllowedBy(configuration, space.Options).Order(StringComparer.Ordinal), decoded.Order(StringComparer.Ordinal));
            Assert.Equal(decoded.Count, space.DistinctCount);
            unequal += space.Options.MlpWidths.Select(w => w.Length).Distinct().Count() > 1 ? 1 : 0;
        });
        Assert.True(unequal > 50, $"Only {unequal} spaces had layers with unequal numbers of choices.");
    }

    [Fact]
    public void Canonicalise_UnequalLayers_IsIdempotentAndKeepsTheMeaning() => ForRandomSpaces((configuration, space) =>
    {
        foreach (var genome in SmallSpaces.AllGenomes(space.Cardinalities))
        {
            var canonical = space.Canonicalise(genome);
            Assert.Equal(canonical, space.Canonicalise(canonical));
            Assert.Equal(space.Decode(genome), space.Decode(canonical));
            configuration.Check(space.Decode(genome));
        }
    });

    [Fact]
    public void Extremes_UnequalLayers_KeepTheMostAndTheLeastOfEveryLayer() => ForRandomSpaces((configuration, space) =>
    {
        var largest = space.Decode(space.LargestGenome);
        var smallest = space.Decode(space.SmallestGenome);
        foreach (var architecture in SmallSpaces.AllGenomes(space.Cardinalities).Select(space.Decode))
        {
            Assert.InRange(architecture.Layers.Length, smallest.Layers.Length, largest.Layers.Length);
            foreach (var layer in architecture.Layers)
            {
                var most = largest.Layers.Single(l => l.SourceLayer == layer.SourceLayer);
                Assert.True(layer.MlpChannels.Count <= most.MlpChannels.Count && layer.KvGroups.Count <= most.KvGroups.Count);
                var least = smallest.Layers.SingleOrDefault(l => l.SourceLayer == layer.SourceLayer);
                Assert.True(least is null || (layer.MlpChannels.Count >= least.MlpChannels.Count && layer.KvGroups.Count >= least.KvGroups.Count));
            }
        }
    });

    [Fact]
    public void Uniform_AnyChoices_MeansTheSameListForEveryLayer()
    {
        var configuration = SmallSpaces.Llama(3, 4, 16);
        var uniform = new LlamaSpace(configuration, LlamaSpaceOptions.Uniform(3, [2, 3], [4, 16], [1, 2, 4]));
        var spelled = new LlamaSpace(configuration, new LlamaSpaceOptions
        {
            Depths = [2, 3],
            MlpWidths = [[4, 16], [4, 16], [4, 16]],
            KvGroupCounts = [[1, 2, 4], [1, 2, 4], [1, 2, 4]],
            LayerOrder = [0, 1, 2],
        });

        Assert.Equal(spelled.Cardinalities.ToArray(), uniform.Cardinalities.ToArray());
        Assert.Equal(spelled.DistinctCount, uniform.DistinctCount);
        Assert.All(SmallSpaces.AllGenomes(spelled.Cardinalities), g => Assert.Equal(spelled.Decode(g), uniform.Decode(g)));
    }

    /// <summary>Every architecture the options describe, written as architectures write themselves, without any genome.</summary>
    private static IEnumerable<string> AllowedBy(LlamaConfiguration configuration, LlamaSpaceOptions options)
    {
        var order = options.LayerOrder.IsEmpty ? [.. Enumerable.Range(0, configuration.Layers.Length)] : options.LayerOrder;
        foreach (var depth in options.Depths)
        {
            IEnumerable<string> texts = [""];
            foreach (var layer in order.Take(depth).Order())
            {
                var widths = options.MlpWidths.IsEmpty ? [configuration.Layers[layer].IntermediateSize] : options.MlpWidths[layer];
                var groups = options.KvGroupCounts.IsEmpty ? [configuration.Layers[layer].KvHeadCount] : options.KvGroupCounts[layer];
                texts = texts.SelectMany(t => groups.SelectMany(g => widths.Select(w => $"{t} {layer}:{g}/{w}")));
            }

            foreach (var text in texts)
            {
                yield return text.TrimStart();
            }
        }
    }

    private static void ForRandomSpaces(Action<LlamaConfiguration, LlamaSpace> check)
    {
        var random = new Xoshiro256(23);
        for (var run = 0; run < 200; run++)
        {
            var layers = 1 + random.NextInt(3);
            int[] order = [.. Enumerable.Range(0, layers)];
            random.Shuffle<int>(order);
            var configuration = SmallSpaces.Llama(layers, 1, 1) with
            {
                Layers = [.. Enumerable.Range(0, layers).Select(_ => new LlamaLayerShape(1 + random.NextInt(3), 1 + random.NextInt(6)))],
            };
            check(configuration, new LlamaSpace(configuration, new LlamaSpaceOptions
            {
                Depths = RandomChoices(random, 1, layers, 2),
                MlpWidths = random.NextInt(6) == 0 ? [] : [.. configuration.Layers.Select(l => RandomChoices(random, 0, l.IntermediateSize, 3))],
                KvGroupCounts = random.NextInt(3) == 0 ? [] : [.. configuration.Layers.Select(l => RandomChoices(random, 0, l.KvHeadCount, 2))],
                LayerOrder = random.NextInt(2) == 0 ? [] : [.. order],
            }));
        }
    }

    private static ImmutableArray<int> RandomChoices(Xoshiro256 random, int least, int most, int atMost)
    {
        int[] all = [.. Enumerable.Range(least, most - least + 1)];
        random.Shuffle<int>(all);
        return [.. all.Take(1 + random.NextInt(atMost)).Order()];
    }
}
