using NasCluster.Llama.Calibration;

namespace NasCluster.Llama.Tests.Repair;

/// <summary>A made-up matrix and the statistics of made-up inputs, which have few directions, noise, means and channels of unlike size.</summary>
internal sealed class ToyLayer
{
    public ToyLayer(int seed, int channels = 96, int outputs = 48, int tokens = 600, int directions = 24, double noise = 0.3, double spread = 0.5, double mean = 0)
    {
        var random = new Random(seed);
        Outputs = outputs;
        Weights = [.. Enumerable.Range(0, outputs * channels).Select(_ => (float)Normal())];
        double[][] mixing = [.. Enumerable.Range(0, channels).Select(_ => Enumerable.Range(0, directions).Select(_ => Normal() / Math.Sqrt(directions)).ToArray())];
        double[] scales = [.. Enumerable.Range(0, channels).Select(_ => Math.Exp(spread * Normal()))];
        Inputs = new double[tokens][];
        for (var t = 0; t < tokens; t++)
        {
            double[] causes = [.. Enumerable.Range(0, directions).Select(_ => Normal())];
            Inputs[t] = [.. Enumerable.Range(0, channels).Select(c => scales[c] * (mixing[c].Zip(causes, (m, f) => m * f).Sum() + (noise * Normal()) + mean))];
        }

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>The same layer, channel <paramref name="order"/>[i] at place i.</summary>
    public ToyLayer(ToyLayer layer, int[] order)
    {
        Outputs = layer.Outputs;
        Weights = [.. Enumerable.Range(0, Outputs).SelectMany(o => order.Select(c => layer.Weights[(o * order.Length) + c]))];
        Inputs = Array.ConvertAll(layer.Inputs, x => Array.ConvertAll(order, c => x[c]));
    }

    public int Outputs { get; }

    public int Channels => Inputs[0].Length;

    /// <summary>[outputs, channels].</summary>
    public float[] Weights { get; }

    /// <summary>[tokens][channels].</summary>
    public double[][] Inputs { get; }

    /// <summary>Their statistics by straight loops.</summary>
    public InputStatistics Statistics => StatisticsOf(Inputs);

    public static InputStatistics StatisticsOf(double[][] inputs)
    {
        var n = inputs[0].Length;
        var gram = new double[n * n];
        foreach (var x in inputs)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    gram[(i * n) + j] += x[i] * x[j];
                }
            }
        }

        double[] means = [.. Enumerable.Range(0, n).Select(c => inputs.Average(x => x[c]))];
        return new InputStatistics(
            inputs.Length,
            [.. Enumerable.Range(0, n).Select(c => gram[(c * n) + c])],
            [.. means],
            [.. Enumerable.Range(0, n).Select(c => inputs.Average(x => (x[c] - means[c]) * (x[c] - means[c])))],
            new GramMatrix(n, gram));
    }

    /// <summary>||W' x + b - W x|| / ||W x|| over the inputs themselves.</summary>
    public double Error(float[] repaired, int[] kept, float[]? bias = null)
    {
        double difference = 0, power = 0;
        foreach (var x in Inputs)
        {
            for (var o = 0; o < Outputs; o++)
            {
                var whole = Enumerable.Range(0, Channels).Sum(c => Weights[(o * Channels) + c] * x[c]);
                var pruned = Enumerable.Range(0, kept.Length).Sum(i => repaired[(o * kept.Length) + i] * x[kept[i]]) + (bias?[o] ?? 0);
                difference += (pruned - whole) * (pruned - whole);
                power += whole * whole;
            }
        }

        return Math.Sqrt(difference / power);
    }
}
