using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Testing;

/// <summary>The LLaMA network in double, by straight loops from its definition: what engines are held to.</summary>
/// <remarks>Legend: T tokens, C hidden size, D channels kept of a head, G kept KV groups, Q query heads of a group, M kept MLP channels, V vocabulary.</remarks>
public sealed class ReferenceNetwork(LlamaCheckpoint checkpoint)
{
    private readonly LlamaConfiguration _configuration = checkpoint.Configuration;

    /// <summary>Logits of the token after every position.</summary>
    /// <param name="architecture">The sub-network.</param>
    /// <param name="tokens">T token ids.</param>
    /// <returns>T rows of V logits.</returns>
    public double[][] Logits(Architecture architecture, IReadOnlyList<int> tokens)
    {
        var x = tokens.Select(t => Row(checkpoint.EmbedTokens, t)).ToArray(); // [T][C]
        foreach (var layer in architecture.Layers)
        {
            var weights = checkpoint.Layers[layer.SourceLayer];
            AddAttention(x, weights, layer);
            AddMlp(x, weights, layer.MlpChannels);
        }

        var head = Matrix(checkpoint.LmHead); // [V][C]
        return [.. x.Select(v => Product(head, Normalize(v, checkpoint.Norm)))];
    }

    /// <summary>Log-likelihood in nats of each token but the first.</summary>
    public double[] LogLikelihoods(Architecture architecture, IReadOnlyList<int> tokens)
    {
        var logits = Logits(architecture, tokens);
        return [.. Enumerable.Range(1, tokens.Count - 1).Select(t =>
        {
            var max = logits[t - 1].Max();
            return logits[t - 1][tokens[t]] - max - Math.Log(logits[t - 1].Sum(l => Math.Exp(l - max)));
        })];
    }

    private void AddAttention(double[][] x, LlamaLayerWeights weights, LayerArchitecture layer)
    {
        var groups = layer.KvGroups;
        var perGroup = _configuration.QueryHeadsPerKvHead;
        var kept = KeptOf(layer);
        var normalized = x.Select(v => Normalize(v, weights.InputLayernorm)).ToArray();
        var output = Matrix(weights.OProj); // [C][heads x channels of a head]
        for (var g = 0; g < groups.Count; g++)
        {
            var keys = Project(weights.KProj, groups[g], kept, normalized, rotate: true); // [T][D]
            var values = Project(weights.VProj, groups[g], kept, normalized, rotate: false);
            for (var head = groups[g] * perGroup; head < (groups[g] + 1) * perGroup; head++)
            {
                var queries = Project(weights.QProj, head, kept, normalized, rotate: true);
                for (var t = 0; t < x.Length; t++)
                {
                    var scores = Enumerable.Range(0, t + 1).Select(s => Dot(queries[t], keys[s]) / Math.Sqrt(_configuration.HeadSize)).ToArray();
                    var max = scores.Max();
                    var exponentials = scores.Select(s => Math.Exp(s - max)).ToArray();
                    var sum = exponentials.Sum();
                    for (var d = 0; d < kept.Channels.Length; d++)
                    {
                        var mixed = 0.0;
                        for (var s = 0; s <= t; s++)
                        {
                            mixed += exponentials[s] / sum * values[s][d];
                        }

                        for (var c = 0; c < x[t].Length; c++)
                        {
                            x[t][c] += output[c][(head * kept.HeadChannels) + kept.Channels[d]] * mixed;
                        }
                    }
                }
            }
        }

        if (groups.Count > 0)
        {
            AddBias(x, weights.OProjBias);
        }
    }

    private void AddMlp(double[][] x, LlamaLayerWeights weights, ChannelSelection channels)
    {
        var down = Matrix(weights.DownProj); // [C][M]
        var gates = Enumerable.Range(0, channels.Count).Select(m => Row(weights.GateProj, channels[m])).ToArray();
        var ups = Enumerable.Range(0, channels.Count).Select(m => Row(weights.UpProj, channels[m])).ToArray();
        foreach (var v in x)
        {
            var normalized = Normalize(v, weights.PostAttentionLayernorm);
            for (var m = 0; m < channels.Count; m++)
            {
                var gate = Dot(gates[m], normalized);
                var hidden = gate / (1 + Math.Exp(-gate)) * Dot(ups[m], normalized);
                for (var c = 0; c < v.Length; c++)
                {
                    v[c] += down[c][channels[m]] * hidden;
                }
            }
        }

        if (channels.Count > 0)
        {
            AddBias(x, weights.DownProjBias);
        }
    }

    private static void AddBias(double[][] x, WeightTensor? bias)
    {
        if (bias is not null)
        {
            var values = Row(bias, 0);
            foreach (var v in x)
            {
                for (var c = 0; c < v.Length; c++)
                {
                    v[c] += values[c];
                }
            }
        }
    }

    // The layer's own heads may lack pairs already: those that stay are numbered among its own, and turn by the number they had at first.
    private (int HeadChannels, int[] Channels, int[] Turns) KeptOf(LayerArchitecture layer)
    {
        var shape = _configuration.Layers[layer.SourceLayer];
        var half = (shape.HeadPairs?.Count * 2 ?? _configuration.HeadSize) / 2;
        var pairs = Enumerable.Range(0, half).Where(i => layer.HeadPairs is not { } chosen || Enumerable.Range(0, chosen.Count).Any(p => chosen[p] == i)).ToArray();
        return (2 * half, [.. pairs, .. pairs.Select(i => half + i)], [.. pairs.Select(i => shape.HeadPairs is { } own ? own[i] : i)]);
    }

    private double[][] Project(WeightTensor tensor, int head, (int HeadChannels, int[] Channels, int[] Turns) kept, double[][] inputs, bool rotate)
    {
        var rows = kept.Channels.Select(c => Row(tensor, (head * kept.HeadChannels) + c)).ToArray();
        var outputs = inputs.Select(v => Product(rows, v)).ToArray();
        var half = kept.Turns.Length;
        for (var t = 0; rotate && t < outputs.Length; t++)
        {
            for (var i = 0; i < half; i++)
            {
                var (sine, cosine) = Math.SinCos(t * Frequency(kept.Turns[i]));
                var (a, b) = (outputs[t][i], outputs[t][i + half]);
                outputs[t][i] = (a * cosine) - (b * sine);
                outputs[t][i + half] = (b * cosine) + (a * sine);
            }
        }

        return outputs;
    }

    // LLaMA 3.1's rule by wavelengths, as its authors write it.
    private double Frequency(int pair)
    {
        var frequency = 1 / Math.Pow(_configuration.RopeTheta, 2.0 * pair / _configuration.HeadSize);
        if (_configuration.RopeScaling is not { } scaling)
        {
            return frequency;
        }

        var wavelength = 2 * Math.PI / frequency;
        var (longest, shortest) = (scaling.OriginalPositions / scaling.LowFrequencyFactor, scaling.OriginalPositions / scaling.HighFrequencyFactor);
        var smooth = ((scaling.OriginalPositions / wavelength) - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return wavelength < shortest ? frequency
            : wavelength > longest ? frequency / scaling.Factor
            : ((1 - smooth) * frequency / scaling.Factor) + (smooth * frequency);
    }

    private double[] Normalize(double[] v, WeightTensor gain)
    {
        var scale = 1 / Math.Sqrt((Dot(v, v) / v.Length) + _configuration.NormEpsilon);
        return [.. v.Zip(Row(gain, 0), (x, g) => x * scale * g)];
    }

    private static double[] Product(double[][] matrix, double[] v) => [.. matrix.Select(row => Dot(row, v))];

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static double[][] Matrix(WeightTensor tensor) => [.. Enumerable.Range(0, tensor.Rows).Select(r => Row(tensor, r))];

    private static double[] Row(WeightTensor tensor, int row)
    {
        var values = new float[tensor.Columns];
        tensor.ReadRow(row, values);
        return Array.ConvertAll(values, v => (double)v);
    }
}
