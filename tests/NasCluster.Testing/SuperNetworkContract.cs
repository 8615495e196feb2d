using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using Xunit;

namespace NasCluster.Testing;

/// <summary>What every super-network engine must do. Derive a test class from it for each engine, and for each way of running one.</summary>
public abstract partial class SuperNetworkContract
{
    /// <summary>
    /// Shapes that have broken engines: grouped queries, tiny and large heads, odd widths, no attention, no MLP, untied heads, heads that
    /// already lack rotary pairs, output biases, slowed rotary frequencies.
    /// </summary>
    internal static readonly LlamaConfiguration[] Shapes =
    [
        RandomCheckpoint.Configuration(layers: 3, hidden: 24, headSize: 4, kvHeads: 3, queryHeadsPerKvHead: 2, intermediate: 43, vocabulary: 61),
        RandomCheckpoint.Configuration(layers: 2, hidden: 17, headSize: 2, kvHeads: 5, queryHeadsPerKvHead: 1, intermediate: 1, vocabulary: 7, tied: false),
        RandomCheckpoint.Configuration(layers: 2, hidden: 64, headSize: 8, kvHeads: 4, queryHeadsPerKvHead: 2, intermediate: 172, vocabulary: 400),
        RandomCheckpoint.Configuration(layers: 1, hidden: 40, headSize: 128, kvHeads: 1, queryHeadsPerKvHead: 3, intermediate: 12, vocabulary: 33, tied: false),
        RandomCheckpoint.Configuration(layers: 4, hidden: 1, headSize: 6, kvHeads: 2, queryHeadsPerKvHead: 1, intermediate: 5, vocabulary: 2),
        RandomCheckpoint.Configuration(layers: 2, hidden: 12, headSize: 10, kvHeads: 2, queryHeadsPerKvHead: 4, intermediate: 24, vocabulary: 361) with
        {
            Layers = [new LlamaLayerShape(0, 13), new LlamaLayerShape(2, 0), new LlamaLayerShape(1, 36)],
        },
        RandomCheckpoint.Configuration(layers: 1, hidden: 21, headSize: 16, kvHeads: 3, queryHeadsPerKvHead: 2, intermediate: 30, vocabulary: 50) with
        {
            Layers =
            [
                new LlamaLayerShape(3, 30, ChannelSelection.Set([1, 2, 4, 7])), new LlamaLayerShape(0, 9), new LlamaLayerShape(2, 0, ChannelSelection.Leading(5)),
                new LlamaLayerShape(1, 17), new LlamaLayerShape(2, 8, ChannelSelection.Set([6])),
            ],
            HasOutputBiases = true,
        },
        RandomCheckpoint.Configuration(layers: 2, hidden: 20, headSize: 16, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 24, vocabulary: 40) with
        {
            RopeTheta = 60, RopeScaling = new RopeScaling(4, 1, 4, 40),
        },
    ];

    /// <summary>Loads a checkpoint; the test disposes of the network.</summary>
    protected abstract ISuperNetwork Load(LlamaCheckpoint checkpoint);

    /// <summary>How far two ways to the same log-likelihood may differ, in nats; 0 demands the same bits.</summary>
    protected virtual double Tolerance => 0;

    /// <summary>How far log-likelihoods may be from those computed in double, in nats.</summary>
    protected virtual double ReferenceTolerance => 5e-5;

    /// <summary>Whether an extracted network has the fingerprint of its own weights.</summary>
    protected virtual bool FingerprintsExtracts => true;

    /// <summary>Tokens that may be computed for answers behind one prompt; an engine whose batches are too short for them computes the prompt several times.</summary>
    protected virtual long MostComputed(int answers, int prompt, int answer) => prompt + (answers * (long)answer);

    /// <summary>Random sub-networks tried of each shape.</summary>
    protected virtual int Trials => 6;

    [ContractFact]
    public void Info_AfterLoading_DescribesTheCheckpoint()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[0], 1);
        using var network = Load(checkpoint);
        Assert.Equal(checkpoint.Configuration, network.Info.Configuration);
        Assert.Equal(checkpoint.Fingerprint, network.Info.Fingerprint);
        Assert.NotEmpty(network.Info.NumericsVersion);
    }

    [ContractFact]
    public void Score_AnyArchitecture_AgreesWithTheReference() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        var request = Request(checkpoint.Configuration, random, firstScored: 1);
        var expected = new ReferenceNetwork(checkpoint).LogLikelihoods(architecture, request.TokenIds);
        var actual = Score(network, architecture, request);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual.PerToken[i], expected[i] - ReferenceTolerance, expected[i] + ReferenceTolerance);
        }
    });

    [ContractFact]
    public void Score_InsideAndExtracted_AreEqual() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        ScoringRequest[] requests = [Request(checkpoint.Configuration, random), Request(checkpoint.Configuration, random)];
        var inside = network.Score([architecture], requests, default)[0];
        using var part = SubNetworkCheckpoint.Extract(checkpoint, architecture);
        using var loaded = Load(part);
        AssertEqual(inside, loaded.Score([loaded.Info.Configuration.FullArchitecture], requests, default)[0]);
        if (network is IExtraction extraction)
        {
            using var extracted = extraction.Extract(architecture);
            AssertEqual(inside, extracted.Score([extracted.Info.Configuration.FullArchitecture], requests, default)[0]);
            Assert.Equal(loaded.Info with { Fingerprint = "" }, extracted.Info with { Fingerprint = "" });
            Assert.Equal(FingerprintsExtracts, loaded.Info.Fingerprint == extracted.Info.Fingerprint);
        }
    });

    [ContractFact]
    public void Score_PartOfAnExtractedNetwork_EqualsThePartOfTheWhole()
    {
        var configuration = Shapes[2];
        using var checkpoint = RandomCheckpoint.Make(configuration, 5);
        using var network = Load(checkpoint);
        var request = Request(configuration, new Random(5));
        var wide = new Architecture([Layer(0, 3, 100), Layer(1, 4, 60)]);
        var narrow = new Architecture([Layer(1, 2, 31)]);
        using var part = SubNetworkCheckpoint.Extract(checkpoint, wide);
        using var loaded = Load(part);
        AssertEqual([Score(network, narrow, request)], [Score(loaded, narrow, request)]);
    }

    [ContractFact]
    public void Score_HeadPairsOfAnExtractedNetwork_AreThePairsOfTheWhole()
    {
        var configuration = RandomCheckpoint.Configuration(2, 24, 12, 2, 2, 20, 61) with { HasOutputBiases = true };
        using var checkpoint = RandomCheckpoint.Make(configuration, 9);
        using var network = Load(checkpoint);
        var request = Request(configuration, new Random(9));
        var wide = new Architecture([Layer(0, 2, 20) with { HeadPairs = ChannelSelection.Set([0, 2, 3, 5]) }, Layer(1, 1, 7)]);
        var own = new Architecture([Layer(0, 1, 20) with { HeadPairs = ChannelSelection.Set([1, 3]) }, Layer(1, 1, 7)]);
        var narrow = new Architecture([Layer(0, 1, 20) with { HeadPairs = ChannelSelection.Set([2, 5]) }, Layer(1, 1, 7)]);
        using var part = SubNetworkCheckpoint.Extract(checkpoint, wide);
        using var loaded = Load(part);
        AssertEqual([Score(network, narrow, request)], [Score(loaded, own, request)]);
        using var twice = SubNetworkCheckpoint.Extract(part, own);
        using var once = SubNetworkCheckpoint.Extract(checkpoint, narrow);
        Assert.Equal(once.Configuration, twice.Configuration);
        Assert.Equal(once.Fingerprint, twice.Fingerprint);
        Assert.NotEqual(
            Score(network, narrow, request).Sum,
            Score(network, new Architecture([narrow.Layers[0] with { HeadPairs = ChannelSelection.Set([2, 4]) }, narrow.Layers[1]]), request).Sum);
    }

    [ContractFact]
    public void Score_ArchitecturesTogetherOrAlone_AreEqual() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        var configuration = checkpoint.Configuration;
        ScoringRequest[] requests = [Request(configuration, random), Request(configuration, random)];
        var full = configuration.FullArchitecture.Layers;
        Architecture[] architectures =
        [
            architecture, new([.. full]), new([.. full.Take(1)]), new([]), RandomCheckpoint.Architecture(configuration, random),
            new([.. full.Take(full.Length - 1), full[^1] with { MlpChannels = ChannelSelection.Leading(0) }]), architecture,
        ];
        var together = network.Score(architectures, requests, default);
        Assert.Equal(architectures.Length, together.Length);
        for (var i = 0; i < architectures.Length; i++)
        {
            AssertEqual(together[i], network.Score([architectures[i]], requests, default)[0]);
        }
    });

    [ContractFact]
    public void Score_LaterTokensChanged_LeavesEarlierOnesAlone() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        var request = Request(checkpoint.Configuration, random, firstScored: 1, length: 70);
        var other = request.TokenIds.SetItem(69, (request.TokenIds[69] + 1) % checkpoint.Configuration.VocabularySize);
        other = other.SetItem(45, (request.TokenIds[45] + 1) % checkpoint.Configuration.VocabularySize);
        var before = Score(network, architecture, request).PerToken[..44];
        var after = Score(network, architecture, new ScoringRequest(other, 1, true)).PerToken[..44];
        var prefix = Score(network, architecture, new ScoringRequest(request.TokenIds[..45], 1, true)).PerToken;
        AssertEqual(before, after);
        AssertEqual(before, prefix);
    });

    [ContractFact]
    public void Score_Span_EqualsTheEndOfTheWhole() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        var whole = Request(checkpoint.Configuration, random, firstScored: 1, length: 40);
        var span = Score(network, architecture, new ScoringRequest(whole.TokenIds, 33, true));
        Assert.Equal(7, span.PerToken.Length);
        AssertEqual(Score(network, architecture, whole).PerToken[32..], span.PerToken);
        Assert.Equal(span.PerToken.Sum(l => (double)l), span.Sum, 1e-5);
        var silent = Score(network, architecture, new ScoringRequest(whole.TokenIds, 33));
        Assert.Empty(silent.PerToken);
        Assert.Equal(span.Sum, silent.Sum, Tolerance);
        Assert.Equal(span.IsGreedy, silent.IsGreedy);
    });

    [ContractFact]
    public void Score_AgainstLogits_HasTheirSoftmaxAndGreedyToken() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        if (network is not INextTokenLogits engine)
        {
            return;
        }

        var vocabulary = checkpoint.Configuration.VocabularySize;
        var tokens = Request(checkpoint.Configuration, random, length: 20).TokenIds;
        var row = engine.NextTokenLogits(architecture, tokens).AsSpan(19 * vocabulary, vocabulary).ToArray();
        var best = Array.IndexOf(row, row.Max());
        var logSum = Math.Log(row.Sum(l => Math.Exp(l - (double)row[best]))) + row[best];
        foreach (var token in new[] { best, random.Next(vocabulary), (best + 1) % vocabulary })
        {
            var result = Score(network, architecture, new ScoringRequest(tokens.Add(token), 20));
            Assert.Equal(token == best, result.IsGreedy);
            Assert.InRange(result.Sum, row[token] - logSum - 1e-5, row[token] - logSum + 1e-5);
        }
    });

    [ContractFact]
    public void IsGreedy_AllTokensTie_HoldsForTheLowestIdOnly()
    {
        var configuration = RandomCheckpoint.Configuration(1, 8, 4, 1, 2, 8, 1000, tied: false);
        using var made = RandomCheckpoint.Make(configuration, 3);
        var head = new InMemoryTensor("lm_head.weight", 1000, 8, new float[8000]);
        using var checkpoint = new InMemoryCheckpoint(configuration, "ties", made.EmbedTokens, made.Norm, head, made.Layers);
        using var network = Load(checkpoint);
        var results = new[] { 0, 1, 359, 360, 999 }.Select(t => Score(network, configuration.FullArchitecture, new ScoringRequest([5, t], 1))).ToArray();
        Assert.Equal([true, false, false, false, false], results.Select(r => r.IsGreedy));
        Assert.All(results, r => Assert.Equal(-Math.Log(1000), r.Sum, 1e-6));
    }

    [ContractFact]
    public void IsGreedy_OneTokenOfSpanIsNot_IsFalse()
    {
        var configuration = Shapes[0];
        using var checkpoint = RandomCheckpoint.Make(configuration, 8);
        using var network = Load(checkpoint);
        var reference = new ReferenceNetwork(checkpoint);
        List<int> tokens = [4];
        for (var i = 0; i < 6; i++)
        {
            var row = reference.Logits(configuration.FullArchitecture, tokens)[^1];
            tokens.Add(Array.IndexOf(row, row.Max()));
        }

        Assert.True(Score(network, configuration.FullArchitecture, new ScoringRequest([.. tokens], 1)).IsGreedy);
        tokens[3] = (tokens[3] + 1) % configuration.VocabularySize;
        Assert.False(Score(network, configuration.FullArchitecture, new ScoringRequest([.. tokens], 1)).IsGreedy);
    }

    /// <summary>Fails unless two results agree within <see cref="Tolerance"/>.</summary>
    protected void AssertEqual(IReadOnlyList<LogLikelihood> expected, IReadOnlyList<LogLikelihood> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            AssertEqual(expected[i].PerToken, actual[i].PerToken);
            Assert.True(Math.Abs(expected[i].Sum - actual[i].Sum) <= Tolerance * Math.Max(1, expected[i].PerToken.Length));
            Assert.True(Tolerance > 0 || expected[i].IsGreedy == actual[i].IsGreedy);
        }
    }

    private static LayerArchitecture Layer(int source, int groups, int channels) =>
        new(source, ChannelSelection.Leading(groups), ChannelSelection.Leading(channels));

    private static LogLikelihood Score(ISuperNetwork network, Architecture architecture, ScoringRequest request) =>
        network.Score([architecture], [request], default)[0][0];

    private static ScoringRequest Request(LlamaConfiguration configuration, Random random, int? firstScored = null, int? length = null)
    {
        var tokens = Enumerable.Range(0, length ?? random.Next(2, 80)).Select(_ => random.Next(configuration.VocabularySize)).ToImmutableArray();
        return new ScoringRequest(tokens, firstScored ?? random.Next(1, tokens.Length), perToken: true);
    }

    private void AssertEqual(ImmutableArray<float> expected, ImmutableArray<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs((double)expected[i] - actual[i]) <= Tolerance, $"Token {i}: {expected[i]:R} and {actual[i]:R}.");
        }
    }

    private void ForEachTrial(Action<LlamaCheckpoint, ISuperNetwork, Architecture, Random> check)
    {
        for (var shape = 0; shape < Shapes.Length; shape++)
        {
            using var checkpoint = RandomCheckpoint.Make(Shapes[shape], 100 + shape);
            using var network = Load(checkpoint);
            var random = new Random(shape);
            for (var trial = 0; trial < Trials; trial++)
            {
                check(checkpoint, network, trial == 0 ? checkpoint.Configuration.FullArchitecture : RandomCheckpoint.Architecture(checkpoint.Configuration, random), random);
            }
        }
    }
}
