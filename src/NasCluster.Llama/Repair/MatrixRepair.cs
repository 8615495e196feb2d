using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Repair;

/// <summary>Makes a matrix good for inputs it loses: W' with min ||W' X - W X||^2, W' zero on what was dropped.</summary>
/// <remarks>
/// arXiv 2409.17372, section 3.4. Legend: W [outputs, inputs], X [inputs, tokens] of the un-pruned network, H = X X^T, K kept and D dropped
/// inputs. Errors are traces: ||V X||^2 = tr(V H V^T), so no activation is needed any more.
/// </remarks>
public static class MatrixRepair
{
    /// <summary>Repairs one matrix; all in double, whatever the number of threads with the same bits.</summary>
    /// <param name="name">Its name, for messages and the report.</param>
    /// <param name="weights">W row-major [outputs, inputs].</param>
    /// <param name="outputs">Rows of W.</param>
    /// <param name="statistics">Of its input; with H, unless the method is none or a bias, whose errors are then NaN.</param>
    /// <param name="kept">Inputs that stay, ascending.</param>
    /// <param name="options">How.</param>
    /// <param name="engine">How to use the machine.</param>
    /// <exception cref="NasClusterException">H is not there, of another size or, undamped, singular.</exception>
    public static RepairedMatrix Repair(
        string name,
        float[] weights,
        int outputs,
        InputStatistics statistics,
        ImmutableArray<int> kept,
        RepairOptions? options = null,
        CpuEngineOptions? engine = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(statistics);
        options ??= new RepairOptions();
        var channels = statistics.Channels;
        if (weights.LongLength != (long)outputs * channels)
        {
            throw new NasClusterException($"{name} has {weights.LongLength / Math.Max(outputs, 1)} inputs; the calibration is of {channels}.");
        }

        Check(name, kept, channels);
        var solves = options.Method is RepairMethod.Exact or RepairMethod.Admm;
        if (statistics.Gram is null && solves)
        {
            throw new NasClusterException($"{name} cannot be repaired by least squares: the Gram matrix of its input was not kept in calibration.");
        }

        using var pool = new BufferPool();
        var problem = new RepairProblem(name, weights, outputs, statistics, kept, new Workers((engine ?? new CpuEngineOptions()).Threads, pool), pool);
        var added = solves ? options.EffectiveDamping.Of(statistics.Gram!) : [];
        var repaired = options.Method switch
        {
            RepairMethod.Exact => ExactRepair.Solve(problem, added),
            RepairMethod.Admm => AdmmRepair.Solve(problem, added, options),
            _ => problem.Kept(),
        };
        float[] bias = options.Method == RepairMethod.Bias ? problem.Bias() : [];
        var (before, after) = statistics.Gram is null || !options.MeasuresErrors ? (double.NaN, double.NaN) : OutputError.Of(problem, repaired, bias);
        var damping = added.Length == 0 || kept.IsEmpty ? 0 : kept.Average(k => added[k]);
        var dead = statistics.SumOfSquares.Count(s => s == 0);
        return new RepairedMatrix(
            repaired, new ProjectionRepair(name, channels, kept.Length, dead, statistics.Tokens, damping, before, after, [.. bias]));
    }

    private static void Check(string name, ImmutableArray<int> kept, int channels)
    {
        for (var i = 0; i < kept.Length; i++)
        {
            if (kept[i] < 0 || kept[i] >= channels || (i > 0 && kept[i] <= kept[i - 1]))
            {
                throw new ArgumentException($"{name}: channel {kept[i]} at place {i}; kept channels must ascend and be in [0, {channels - 1}].", nameof(kept));
            }
        }
    }
}
