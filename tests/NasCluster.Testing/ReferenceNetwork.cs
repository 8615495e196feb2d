using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Testing;

/// <summary>The LLaMA network in double, by straight loops from its definition: what engines are held to.</summary>
/// <remarks>Legend: T tokens, C hidden size, D head size, G kept KV groups, Q query heads of a group, M kept MLP channels, V vocabulary.</remarks>
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
            AddAttention(x, weights, layer.KvGroups);
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

    private void AddAttention(double[][] x, LlamaLayerWeights weights, ChannelSelection groups)
    {
        var size = _configuration.HeadSize;
        var perGroup = _configuration.QueryHeadsPerKvHead;
        var normalized = x.Select(v => Normalize(v, weights.InputLayernorm)).ToArray();
        var output = Matrix(weights.OProj); // [C][heads x D]
        for (var g = 0; g < groups.Count; g++)
        {
            var keys = Project(weights.KProj, groups[g], normalized, rotate: true); // [T][D]
            var values = Project(weights.VProj, groups[g], normalized, rotate: false);
            for (var head = groups[g] * perGroup; head < (groups[g] + 1) * perGroup; head++)
            {
                var queries = Project(weights.QProj, head, normalized, rotate: true);
                for (var t = 0; t < x.Length; t++)
                {
                    var scores = Enumerable.Range(0, t + 1).Select(s => Dot(queries[t], keys[s]) / Math.Sqrt(size)).ToArray();
                    var max = scores.Max();
                    var exponentials = scores.Select(s => Math.Exp(s - max)).ToArray();
                    var sum = exponentials.Sum();
                    for (var d = 0; d < size; d++)
                    {
                        var mixed = 0.0;
                        for (var s = 0; s <= t; s++)
                        {
                            mixed += exponentials[s] / sum * values[s][d];
                        }

                        for (var c = 0; c < x[t].Length; c++)
                        {
                            x[t][c] += output[c][(head * size) + d] * mixed;
                        }
                    }
                }
            }
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
    }

    private double[][] Project(WeightTensor tensor, int head, double[][] inputs, bool rotate)
    {
        var size = _configuration.HeadSize;
        var rows = Enumerable.Range(head * size, size).Select(r => Row(tensor, r)).ToArray();
        var outputs = inputs.Select(v => Product(rows, v)).ToArray();
        for (var t = 0; rotate && t < outputs.Length; t++)
        {
            for (var i = 0; i < size / 2; i++)
            {
                var (sine, cosine) = Math.SinCos(t * Math.Pow(_configuration.RopeTheta, -2.0 * i / size));
                var (a, b) = (outputs[t][i], outputs[t][i + (size / 2)]);
                outputs[t][i] = (a * cosine) - (b * sine);
                outputs[t][i + (size / 2)] = (b * cosine) + (a * sine);
            }
        }

        return outputs;
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
