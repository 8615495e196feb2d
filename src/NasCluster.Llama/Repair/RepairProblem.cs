using System.Collections.Immutable;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Repair;

/// <summary>One matrix to repair, what is known of its input, and what computes.</summary>
internal sealed class RepairProblem
{
    public RepairProblem(
        string name, float[] weights, int outputs, InputStatistics statistics, ImmutableArray<int> kept, Workers workers, BufferPool pool)
    {
        Name = name;
        Weights = weights;
        Outputs = outputs;
        Statistics = statistics;
        KeptChannels = [.. kept];
        DroppedChannels = [.. Enumerable.Range(0, statistics.Channels).Except(kept)];
        Workers = workers;
        Pool = pool;
    }

    public string Name { get; }

    /// <summary>W [outputs, channels].</summary>
    public float[] Weights { get; }

    public int Outputs { get; }

    public int Channels => Statistics.Channels;

    public InputStatistics Statistics { get; }

    /// <summary>K, ascending.</summary>
    public int[] KeptChannels { get; }

    /// <summary>D, ascending.</summary>
    public int[] DroppedChannels { get; }

    public Workers Workers { get; }

    public BufferPool Pool { get; }

    /// <summary>W_K as it is [outputs, kept].</summary>
    public float[] Kept() => [.. Enumerable.Range(0, Outputs).SelectMany(row => KeptChannels.Select(k => Weights[(row * Channels) + k]))];

    /// <summary>
    /// FLAP's compensation (arXiv 2312.11983, Eq. 6): the mean of what the dropped inputs gave to each output, W_D mean(x_D).
    /// </summary>
    public float[] Bias() =>
        [.. Enumerable.Range(0, Outputs).Select(row => (float)DroppedChannels.Sum(d => Weights[(row * Channels) + d] * Statistics.Mean[d]))];

    /// <summary>Some columns of W in double [outputs, chosen].</summary>
    public RowArray Columns(int[] chosen)
    {
        var result = new RowArray(Outputs, chosen.Length);
        for (var row = 0; row < Outputs; row++)
        {
            var source = Weights.AsSpan(row * Channels, Channels);
            var target = result.Row(row);
            for (var i = 0; i < chosen.Length; i++)
            {
                target[i] = source[chosen[i]];
            }
        }

        return result;
    }

    /// <summary>Some rows and columns of H.</summary>
    public RowArray Hessian(int[] rows, int[] columns)
    {
        var hessian = Statistics.Gram!;
        var result = new RowArray(rows.Length, columns.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            var source = hessian.Values.AsSpan(checked(rows[row] * Channels), Channels);
            var target = result.Row(row);
            for (var i = 0; i < columns.Length; i++)
            {
                target[i] = source[columns[i]];
            }
        }

        return result;
    }
}
