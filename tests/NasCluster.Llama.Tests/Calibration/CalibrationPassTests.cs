using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Calibration;

public sealed class CalibrationPassTests
{
    private static readonly CalibrationOptions Everything = new() { Grams = GramInputs.All, LeastTokens = 1 };

    // A layer without attention, one without MLP; more channels than one item of work takes.
    private static readonly LlamaConfiguration Shape = TrainingCases.Grouped(tied: false) with { Layers = [new(2, 217), new(0, 5), new(2, 0), new(1, 8)] };

    private static readonly LayerInput[] Inputs = Enum.GetValues<LayerInput>();

    private static IReadOnlyList<ScoringRequest>[] Batches => [TrainingCases.Sequences(Shape, 1, 40, 9, 90), TrainingCases.Sequences(Shape, 2, 33), TrainingCases.Sequences(Shape, 3, 100, 77)];

    [Fact]
    public void Gather_Activations_HasTheSumsOfStraightLoops()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var network = new TrainableNetwork(checkpoint);
        var seen = Activations(network, Batches);

        var statistics = CalibrationPass.Gather(network, Batches, Everything);

        Assert.Equal(Batches.Sum(b => b.Sum(s => s.TokenIds.Length - 1)), statistics.Tokens);
        for (var layer = 0; layer < Shape.Layers.Length; layer++)
        {
            foreach (var input in Inputs)
            {
                if (statistics.Layers[layer][input] is not { } actual)
                {
                    Assert.False(seen.ContainsKey((layer, input)));
                    continue;
                }

                var x = seen[(layer, input)];
                Assert.Equal((x.Count, x[0].Length), ((int)actual.Tokens, actual.Channels));
                for (var c = 0; c < actual.Channels; c++)
                {
                    var mean = x.Average(t => t[c]);
                    AssertNear(mean, actual.Mean[c], 1e-12, x.Average(t => Math.Abs(t[c])));
                    AssertNear(x.Sum(t => t[c] * t[c]), actual.SumOfSquares[c], 1e-12, actual.SumOfSquares[c]);
                    AssertNear(x.Average(t => (t[c] - mean) * (t[c] - mean)), actual.Variance[c], 1e-12, actual.Variance[c]);
                    for (var d = 0; d < actual.Channels; d++)
                    {
                        double sum = 0, sizes = 0;
                        foreach (var t in x)
                        {
                            sum += t[c] * t[d];
                            sizes += Math.Abs(t[c] * t[d]);
                        }

                        // Chains of 128 in float32: half an ulp each at most, of the sum of sizes.
                        AssertNear(sum, actual.Gram![c, d], 128 * Math.Pow(2, -24), sizes);
                        Assert.Equal(actual.Gram[c, d], actual.Gram[d, c]);
                    }
                }
            }
        }
    }

    [Fact]
    public void Gather_Activations_AreThoseOfTheLayersDefinition()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var network = new TrainableNetwork(checkpoint);
        var seen = Activations(network, Batches);
        var tokens = Batches.SelectMany(b => b).SelectMany(s => s.TokenIds.SkipLast(1)).ToArray();

        var weights = checkpoint.Layers[0];
        for (var t = 0; t < tokens.Length; t++)
        {
            var embedding = Row(checkpoint.EmbedTokens, tokens[t]);
            AssertAll(Normalize(embedding, Row(weights.InputLayernorm, 0)), seen[(0, LayerInput.Attention)][t]);
            var middle = embedding.Zip(Product(weights.OProj, seen[(0, LayerInput.Output)][t]), (a, b) => a + b).ToArray();
            AssertAll(Normalize(middle, Row(weights.PostAttentionLayernorm, 0)), seen[(0, LayerInput.Mlp)][t]);
            var normalized = seen[(0, LayerInput.Mlp)][t];
            AssertAll([.. Product(weights.GateProj, normalized).Zip(Product(weights.UpProj, normalized), (g, u) => g / (1 + Math.Exp(-g)) * u)], seen[(0, LayerInput.Down)][t]);
        }

        static void AssertAll(double[] expected, double[] actual)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                AssertNear(expected[i], actual[i], 1e-4, 1);
            }
        }
    }

    [Fact]
    public void Gather_Similarity_IsTheMeanCosineOfTheStream()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        using var network = new TrainableNetwork(checkpoint);
        var sums = new double[Shape.Layers.Length];
        var tokens = 0;
        unsafe
        {
            foreach (var batch in Batches)
            {
                network.Observe(batch, (shape, layer, input, _, output) =>
                {
                    for (var t = 0; t < shape.Batch.Rows; t++)
                    {
                        var x = Column(input, shape.Hidden, Shape.HiddenSize, t);
                        var y = Column(output, shape.Hidden, Shape.HiddenSize, t);
                        sums[layer] += x.Zip(y, (a, b) => a * b).Sum() / Math.Sqrt(x.Sum(v => v * v) * y.Sum(v => v * v));
                        tokens += layer == 0 ? 1 : 0;
                    }
                });
            }
        }

        var statistics = CalibrationPass.Gather(network, Batches, Everything);

        for (var layer = 0; layer < sums.Length; layer++)
        {
            Assert.Equal(sums[layer] / tokens, statistics.Layers[layer].Similarity, 1e-12);
            Assert.InRange(statistics.Layers[layer].Similarity, -1, 1 - 1e-6);
        }
    }

    [Fact]
    public void Gather_ThreadsAndVectors_ChangeNoBit()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        CpuEngineOptions[] ways = [new() { Threads = 1 }, new() { Threads = 3 }, new() { Threads = 2, VectorPath = VectorPath.Scalar }];

        var results = ways.Select(way => CalibrationPass.Gather(checkpoint, Batches, Everything, way).Layers.SelectMany(l =>
            Inputs.Select(i => l[i]).OfType<InputStatistics>().SelectMany(s => (double[])[.. s.SumOfSquares, .. s.Mean, .. s.Variance, .. s.Gram!.Values, l.Similarity])).ToArray()).ToArray();

        Assert.All(results, r => Assert.Equal(results[0], r));
    }

    [Fact]
    public void Gather_Options_DecideWhichGramMatricesAreKept()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);

        var statistics = CalibrationPass.Gather(checkpoint, Batches, Everything with { Grams = GramInputs.Down | GramInputs.Attention, GramLayers = [0, 2] });

        var kept = statistics.Layers.SelectMany((l, i) => Inputs.Where(n => l[n]?.Gram is not null).Select(n => (i, n)));
        Assert.Equal([(0, LayerInput.Attention), (0, LayerInput.Down), (2, LayerInput.Attention)], kept);
    }

    [Fact]
    public void Gather_BadInput_NamesPlaceAndRule()
    {
        using var checkpoint = RandomCheckpoint.Make(Shape, 4);
        Assert.Equal(
            "The calibration set has 5 tokens, the last of each of its 1 sequences not counted; it must have at least 1024.",
            Failure([TrainingCases.Sequences(Shape, 1, 6)], new CalibrationOptions()));
        Assert.Equal("Calibration batch 1 has no sequence; it must have at least one.", Failure([TrainingCases.Sequences(Shape, 1, 6), []], Everything));
        Assert.Equal(
            "Calibration batch 1: Token 13 at place 1 of sequence 0 is not in the vocabulary, which has ids 0 to 12.",
            Failure([TrainingCases.Sequences(Shape, 1, 6), [new ScoringRequest([1, 13], 1)]], Everything));
        Assert.Equal(
            "Gram matrices are asked for of layers 1, 4; the network has layers 0 to 3.",
            Failure([TrainingCases.Sequences(Shape, 1, 6)], Everything with { GramLayers = [1, 4] }));

        using var network = new TrainableNetwork(checkpoint);
        network.Weights.Tensors.Single(t => t.Name.Contains("layers.0.mlp.up_proj", StringComparison.Ordinal)).Values[(7 * Shape.HiddenSize) + 1] = float.NaN;
        network.WeightsChanged();
        Assert.Equal(
            "Calibration batch 0: channel 7 of the Down input of layer 0 is not finite; activations must be for statistics to mean anything.",
            Assert.Throws<NasClusterException>(() => CalibrationPass.Gather(network, Batches, Everything)).Message);

        string Failure(IReadOnlyList<ScoringRequest>[] batches, CalibrationOptions options) =>
            Assert.Throws<NasClusterException>(() => CalibrationPass.Gather(checkpoint, batches, options)).Message;
    }

    [Fact]
    public void Add_MeanFarAboveTheSpread_KeepsTheVariance()
    {
        // As differences of squares in double, 1e-16 x 1e12 would drown a variance of 1e-6.
        const float Middle = 1e6f;
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 320).Select(_ => Middle + (random.Next(2) * 0.0625f))];
        var expected = values.Average(v => Math.Pow(v - values.Average(w => (double)w), 2));
        using var pool = new BufferPool();
        var moments = new ChannelMoments(1);
        unsafe
        {
            fixed (float* data = values)
            {
                moments.Add(new PanelView(data, 32, 1), 160, new Workers(1, pool));
                moments.Add(new PanelView(data + 160, 32, 1), 160, new Workers(1, pool));
            }
        }

        Assert.Equal(1, moments.ToStatistics(null).Variance[0] / expected, 1e-9);
    }

    private static unsafe Dictionary<(int Layer, LayerInput Input), List<double[]>> Activations(TrainableNetwork network, IReadOnlyList<IReadOnlyList<ScoringRequest>> batches)
    {
        var result = new Dictionary<(int Layer, LayerInput Input), List<double[]>>();
        foreach (var batch in batches)
        {
            network.Observe(batch, (shape, layer, _, kept, _) =>
            {
                var widths = Shape.Layers[layer];
                for (var t = 0; t < shape.Batch.Rows; t++)
                {
                    Add(LayerInput.Attention, widths.KvHeadCount > 0 ? Column(kept.AttentionInput, shape.Hidden, Shape.HiddenSize, t) : []);
                    Add(LayerInput.Output, Column(kept.Mixed, shape.Query, widths.KvHeadCount * Shape.QueryHeadsPerKvHead * Shape.HeadSize, t));
                    Add(LayerInput.Mlp, widths.IntermediateSize > 0 ? Column(kept.MlpInput, shape.Hidden, Shape.HiddenSize, t) : []);
                    Add(LayerInput.Down, Column(kept.Gated, shape.Mlp, widths.IntermediateSize, t));
                }

                void Add(LayerInput input, double[] x)
                {
                    if (x.Length > 0)
                    {
                        (result.TryGetValue((layer, input), out var list) ? list : result[(layer, input)] = []).Add(x);
                    }
                }
            });
        }

        return result;
    }

    private static unsafe double[] Column(float* data, nint stride, int channels, int token) =>
        [.. Enumerable.Range(0, channels).Select(c => (double)data[(token / 32 * stride) + (c * 32) + (token % 32)])];

    private static double[] Row(WeightTensor tensor, int row)
    {
        var values = new float[tensor.Columns];
        tensor.ReadRow(row, values);
        return Array.ConvertAll(values, v => (double)v);
    }

    private static double[] Product(WeightTensor tensor, double[] x) => [.. Enumerable.Range(0, tensor.Rows).Select(r => Row(tensor, r).Zip(x, (a, b) => a * b).Sum())];

    private static double[] Normalize(double[] x, double[] gain)
    {
        var scale = 1 / Math.Sqrt((x.Sum(v => v * v) / x.Length) + Shape.NormEpsilon);
        return [.. x.Zip(gain, (v, g) => v * scale * g)];
    }

    private static void AssertNear(double expected, double actual, double tolerance, double size) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * size, $"{actual} and not {expected}");
}
