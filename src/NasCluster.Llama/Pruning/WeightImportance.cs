using NasCluster.Core;
using NasCluster.Llama.Calibration;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Repair;

namespace NasCluster.Llama.Pruning;

/// <summary>Importance from weights and calibration statistics, without a gradient.</summary>
/// <remarks>
/// A weight counts f(W_ij) c_j, where j is the input it is multiplied by and f the absolute value or the square; a part counts what its rows
/// of q, k, v, gate and up and its columns of o and down count together. A layer as a whole counts 1 - the mean cosine of the residual stream
/// before and after it (arXiv 2403.03853), or without calibration the sum of its weights.
/// </remarks>
public static class WeightImportance
{
    private static readonly (LayerTensor Tensor, LayerInput Input)[] Matrices =
    [
        (LayerTensor.QProj, LayerInput.Attention),
        (LayerTensor.KProj, LayerInput.Attention),
        (LayerTensor.VProj, LayerInput.Attention),
        (LayerTensor.OProj, LayerInput.Output),
        (LayerTensor.GateProj, LayerInput.Mlp),
        (LayerTensor.UpProj, LayerInput.Mlp),
        (LayerTensor.DownProj, LayerInput.Down),
    ];

    /// <summary>Measures every layer; the same bits whatever the number of threads.</summary>
    /// <param name="checkpoint">The whole network.</param>
    /// <param name="statistics">
    /// Of it; may be null for <see cref="ImportanceMeasure.Magnitude"/>. With the Gram matrices of all inputs used for <see cref="ImportanceMeasure.Hessian"/>.
    /// </param>
    /// <param name="options">Which measure.</param>
    /// <param name="engine">How to use the machine.</param>
    /// <param name="cancellation">Looked at before each layer.</param>
    /// <exception cref="NasClusterException">Statistics are missing or of another network, a weight is not finite, or X X^T is singular and not damped.</exception>
    public static NetworkImportance Measure(
        LlamaCheckpoint checkpoint,
        CalibrationStatistics? statistics,
        ImportanceOptions? options = null,
        CpuEngineOptions? engine = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        options ??= new ImportanceOptions();
        if (options.Measure is ImportanceMeasure.Taylor or ImportanceMeasure.TaylorGroup)
        {
            throw new ArgumentException($"{options.Measure} needs gradients, which {nameof(TaylorImportance)} takes.", nameof(options));
        }

        var network = checkpoint.Configuration;
        if (statistics is not null && !statistics.Configuration.Equals(network))
        {
            throw new NasClusterException("The calibration statistics are of a network of another shape; they must be of the one that is measured.");
        }

        using var pool = new BufferPool();
        var workers = new Workers((engine ?? new CpuEngineOptions()).Threads, pool);
        return new NetworkImportance(options.Measure, [.. network.Layers.Select((_, i) => Layer(i))]);

        LayerImportance Layer(int layer)
        {
            cancellation.ThrowIfCancellationRequested();
            var known = statistics?.Layers[layer];
            var scores = new PartScores(network, network.Layers[layer]);
            var factors = new double[]?[4];
            foreach (var (tensor, input) in Matrices)
            {
                var matrix = Matrix(checkpoint.Layers[layer], tensor);
                var isOutput = tensor is LayerTensor.OProj or LayerTensor.DownProj;
                if (matrix.Rows > 0 && matrix.Columns > 0 && (isOutput || !(options.OutputsOnly || options.Measure == ImportanceMeasure.Wifv)))
                {
                    // q, k and v read the same input, and so do gate and up.
                    var columns = factors[(int)input] ??= Factors(options, known, layer, input, matrix, workers, pool);
                    scores.Add(tensor, Sums(matrix, columns, options.Measure is ImportanceMeasure.Magnitude or ImportanceMeasure.Wanda, isOutput));
                }
            }

            return scores.ToImportance(1, known is null ? null : 1 - known.Similarity, options.Standardize);
        }
    }

    // c_j.
    private static double[] Factors(
        ImportanceOptions options, LayerStatistics? known, int layer, LayerInput input, WeightTensor matrix, Workers workers, BufferPool pool)
    {
        if (options.Measure == ImportanceMeasure.Magnitude)
        {
            return [.. Enumerable.Repeat(1.0, matrix.Columns)];
        }

        var statistics = known?[input]
            ?? throw new NasClusterException($"There are no calibration statistics of the {input} input of layer {layer}; {options.Measure} importance needs them.");
        return options.Measure switch
        {
            ImportanceMeasure.Wanda => [.. statistics.SumOfSquares.Select(s => Math.Sqrt(s / statistics.Tokens))],
            ImportanceMeasure.Wifv => [.. statistics.Variance],
            _ => InverseOfDiagonal(options.Damping, statistics, layer, input, workers, pool),
        };
    }

    // 1 / [(2 H)^-1]_jj = 2 / [H^-1]_jj.
    private static double[] InverseOfDiagonal(
        Damping damping, InputStatistics statistics, int layer, LayerInput input, Workers workers, BufferPool pool)
    {
        var gram = statistics.Gram
            ?? throw new NasClusterException($"The Gram matrix of the {input} input of layer {layer} was not kept in calibration; Hessian importance needs it.");
        using var hessian = new RowArray(gram.Size, gram.Size);
        var added = damping.Of(gram);
        for (var i = 0; i < gram.Size; i++)
        {
            gram.Values.AsSpan(checked(i * gram.Size), gram.Size).CopyTo(hessian.Row(i));
            hessian.Row(i)[i] += added[i];
        }

        var factor = CholeskyFactor.Of(hessian.Slice, $"The damped Gram matrix of the {input} input of layer {layer}", workers, pool);
        return Array.ConvertAll(factor.InverseDiagonal(), d => 2 / d);
    }

    // Of each column, or of each row, the sum of |W| c or of W^2 c.
    private static double[] Sums(WeightTensor matrix, double[] factors, bool absolute, bool ofColumns)
    {
        var sums = new double[ofColumns ? matrix.Columns : matrix.Rows];
        var values = new float[matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
        {
            WeightReading.ReadFinite(matrix, row, values);
            var sum = 0.0;
            for (var column = 0; column < values.Length; column++)
            {
                var w = (double)values[column];
                var value = (absolute ? Math.Abs(w) : w * w) * factors[column];
                sum += value;
                if (ofColumns)
                {
                    sums[column] += value;
                }
            }

            if (!ofColumns)
            {
                sums[row] = sum;
            }
        }

        return sums;
    }

    private static WeightTensor Matrix(LlamaLayerWeights weights, LayerTensor tensor) => tensor switch
    {
        LayerTensor.QProj => weights.QProj,
        LayerTensor.KProj => weights.KProj,
        LayerTensor.VProj => weights.VProj,
        LayerTensor.OProj => weights.OProj,
        LayerTensor.GateProj => weights.GateProj,
        LayerTensor.UpProj => weights.UpProj,
        _ => weights.DownProj,
    };
}
