namespace NasCluster.Llama.Repair;

/// <summary>The least-squares solution itself: W_K' = W_K + W_D H_DK H_KK^-1, which is H_KK^-1 H_K,: W as arXiv 2409.17372 has it.</summary>
/// <remarks>Only the change is solved for, so that weights of a channel that nothing correlates with keep their bits.</remarks>
internal static class ExactRepair
{
    /// <param name="problem">With H.</param>
    /// <param name="added">Added to the diagonal of H.</param>
    /// <returns>[outputs, kept].</returns>
    public static float[] Solve(RepairProblem problem, double[] added)
    {
        var (kept, dropped) = (problem.KeptChannels, problem.DroppedChannels);
        var result = problem.Kept();
        if (kept.Length == 0 || dropped.Length == 0)
        {
            return result;
        }

        using var change = new RowArray(problem.Outputs, kept.Length);
        using (var lost = problem.Columns(dropped))
        using (var cross = problem.Hessian(dropped, kept))
        {
            DoubleProduct.Add(lost.Slice, cross.Slice, change.Slice, 1, problem.Workers, problem.Pool);
        }

        using var hessian = problem.Hessian(kept, kept);
        for (var i = 0; i < kept.Length; i++)
        {
            hessian.Row(i)[i] += added[kept[i]];
        }

        CholeskyFactor.Of(hessian.Slice, $"The damped H of {problem.Name}", problem.Workers, problem.Pool).SolveRows(change.Slice);
        for (var row = 0; row < problem.Outputs; row++)
        {
            var values = change.Row(row);
            var target = result.AsSpan(row * kept.Length, kept.Length);
            for (var i = 0; i < kept.Length; i++)
            {
                target[i] = (float)(target[i] + values[i]);
            }
        }

        return result;
    }
}
