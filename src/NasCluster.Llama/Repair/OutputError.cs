namespace NasCluster.Llama.Repair;

/// <summary>How far a pruned matrix's outputs are from the whole one's, from H alone.</summary>
internal static class OutputError
{
    /// <summary>||W' X + b 1^T - W X|| / ||W X|| for W' = W_K and no bias, and for what repair made; 0 where W X is 0 and so is the difference.</summary>
    /// <param name="problem">With H.</param>
    /// <param name="repaired">W' [outputs, kept], rounded as it will be used.</param>
    /// <param name="bias">b, or empty.</param>
    public static unsafe (double Before, double After) Of(RepairProblem problem, float[] repaired, float[] bias)
    {
        int[] all = [.. Enumerable.Range(0, problem.Channels)];
        using var whole = problem.Columns(all);
        using var lost = problem.Columns(problem.DroppedChannels);
        using var dropped = problem.Hessian(problem.DroppedChannels, problem.DroppedChannels);
        double power, after;
        var before = Energy(problem, lost, dropped.Slice);
        fixed (double* values = problem.Statistics.Gram!.Values)
        {
            var hessian = new MatrixSlice(values, problem.Channels, problem.Channels, problem.Channels);
            power = Energy(problem, whole, hessian);
            Subtract(problem, repaired, whole);
            after = Energy(problem, whole, hessian) + (bias.Length == 0 ? 0 : WithBias(problem, whole, bias));
        }

        return (Relative(before, power), Relative(after, power));
    }

    // W becomes W' - W.
    private static void Subtract(RepairProblem problem, float[] repaired, RowArray whole)
    {
        var kept = problem.KeptChannels;
        for (var row = 0; row < problem.Outputs; row++)
        {
            var difference = whole.Row(row);
            for (var i = 0; i < difference.Length; i++)
            {
                difference[i] = -difference[i];
            }

            for (var i = 0; i < kept.Length; i++)
            {
                difference[kept[i]] += repaired[(row * kept.Length) + i];
            }
        }
    }

    // What b adds to ||V X||^2: 2 b^T V X 1 + N ||b||^2.
    private static double WithBias(RepairProblem problem, RowArray difference, float[] bias)
    {
        var tokens = problem.Statistics.Tokens;
        var sum = 0.0;
        for (var row = 0; row < bias.Length; row++)
        {
            var mean = 0.0;
            for (var i = 0; i < problem.Channels; i++)
            {
                mean += difference.Row(row)[i] * problem.Statistics.Mean[i];
            }

            sum += bias[row] * tokens * ((2 * mean) + bias[row]);
        }

        return sum;
    }

    // tr(V H V^T), row by row.
    private static double Energy(RepairProblem problem, RowArray rows, MatrixSlice hessian)
    {
        using var product = new RowArray(rows.Slice.Rows, rows.Slice.Columns);
        DoubleProduct.Add(rows.Slice, hessian, product.Slice, 1, problem.Workers, problem.Pool);
        var sum = 0.0;
        for (var row = 0; row < rows.Slice.Rows; row++)
        {
            var left = rows.Row(row);
            var right = product.Row(row);
            for (var i = 0; i < left.Length; i++)
            {
                sum += left[i] * right[i];
            }
        }

        return sum;
    }

    // Rounding can leave a little below nothing.
    private static double Relative(double energy, double power) =>
        energy <= 0 ? 0 : power > 0 ? Math.Sqrt(energy / power) : double.PositiveInfinity;
}
