namespace NasCluster.Llama.Repair;

/// <summary>The same least squares by alternating directions (arXiv 2409.17372, section 3.4), with the mask the right way round.</summary>
/// <remarks>
/// With W as rows of weights and H damped: W = (W0 H + rho (Z - U)) (H + rho I)^-1; Z = (W + U) masked to K; U += W - Z. H is scaled by its
/// diagonal first, H / (n n^T) with W n, which is undone at the end: on the raw H rho = 1 is nothing, and W hardly leaves W0.
/// As printed the mask keeps the dropped columns; both are kept as variants, to show what they cost.
/// </remarks>
internal static class AdmmRepair
{
    /// <param name="problem">With H.</param>
    /// <param name="added">Added to the diagonal of H before it is scaled.</param>
    /// <param name="options">Rho, rounds and variant.</param>
    /// <returns>[outputs, kept].</returns>
    public static float[] Solve(RepairProblem problem, double[] added, RepairOptions options)
    {
        var n = problem.Channels;
        int[] all = [.. Enumerable.Range(0, n)];
        using var hessian = problem.Hessian(all, all);
        using var w = problem.Columns(all);
        var scales = Scales(hessian, added, options.Variant);
        for (var i = 0; i < n; i++)
        {
            hessian.Row(i)[i] += added[i];
        }

        Scale(hessian, scales);
        for (var row = 0; row < problem.Outputs; row++)
        {
            Multiply(w.Row(row), scales, w.Row(row));
        }

        using var target = new RowArray(problem.Outputs, n);
        DoubleProduct.Add(w.Slice, hessian.Slice, target.Slice, 1, problem.Workers, problem.Pool);
        for (var i = 0; i < n; i++)
        {
            hessian.Row(i)[i] += options.Rho;
        }

        var factor = CholeskyFactor.Of(hessian.Slice, $"The damped H of {problem.Name}", problem.Workers, problem.Pool);
        using var z = problem.Columns(all);
        using var u = new RowArray(problem.Outputs, n);
        for (var row = 0; row < problem.Outputs; row++)
        {
            w.Row(row).CopyTo(z.Row(row));
        }

        var masked = new bool[n];
        foreach (var channel in options.Variant == AdmmVariant.InvertedMask ? problem.DroppedChannels : problem.KeptChannels)
        {
            masked[channel] = true;
        }

        for (var round = 0; round < options.Iterations; round++)
        {
            for (var row = 0; row < problem.Outputs; row++)
            {
                RightSide(target.Row(row), z.Row(row), u.Row(row), options.Rho, w.Row(row));
            }

            factor.SolveRows(w.Slice);
            for (var row = 0; row < problem.Outputs; row++)
            {
                Project(w.Row(row), masked, z.Row(row), u.Row(row));
            }
        }

        // With the mask inverted Z holds nothing of what is kept, so what there is of W has to do.
        return Unscaled(problem, options.Variant == AdmmVariant.InvertedMask ? w : z, scales);
    }

    private static double[] Scales(RowArray hessian, double[] added, AdmmVariant variant)
    {
        var scales = new double[added.Length];
        for (var i = 0; i < scales.Length; i++)
        {
            // A dead channel has no scale but its damping's.
            var own = hessian.Row(i)[i] > 0 ? hessian.Row(i)[i] : added[i];
            scales[i] = variant == AdmmVariant.RawHessian || own == 0 ? 1 : Math.Sqrt(own);
        }

        return scales;
    }

    private static void Scale(RowArray hessian, double[] scales)
    {
        for (var row = 0; row < scales.Length; row++)
        {
            var values = hessian.Row(row);
            for (var column = 0; column < scales.Length; column++)
            {
                values[column] /= scales[row] * scales[column];
            }
        }
    }

    private static void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = left[i] * right[i];
        }
    }

    private static void RightSide(ReadOnlySpan<double> target, ReadOnlySpan<double> z, ReadOnlySpan<double> u, double rho, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = target[i] + (rho * (z[i] - u[i]));
        }
    }

    private static void Project(ReadOnlySpan<double> w, bool[] masked, Span<double> z, Span<double> u)
    {
        for (var i = 0; i < w.Length; i++)
        {
            z[i] = masked[i] ? w[i] + u[i] : 0;
            u[i] += w[i] - z[i];
        }
    }

    private static float[] Unscaled(RepairProblem problem, RowArray solution, double[] scales)
    {
        var kept = problem.KeptChannels;
        var result = new float[problem.Outputs * kept.Length];
        for (var row = 0; row < problem.Outputs; row++)
        {
            var values = solution.Row(row);
            for (var i = 0; i < kept.Length; i++)
            {
                result[(row * kept.Length) + i] = (float)(values[kept[i]] / scales[kept[i]]);
            }
        }

        return result;
    }
}
