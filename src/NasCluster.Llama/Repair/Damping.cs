using NasCluster.Core;
using NasCluster.Llama.Calibration;

namespace NasCluster.Llama.Repair;

/// <summary>How H = X X^T is damped before it is inverted: it is singular when a channel is always 0 or there are fewer tokens than channels.</summary>
/// <param name="Share">Share of the diagonal to add, 0 or more.</param>
/// <param name="Rule">Of which diagonal.</param>
public readonly record struct Damping(double Share, DampingRule Rule = DampingRule.MeanDiagonal)
{
    /// <summary>What is added to each element of the diagonal.</summary>
    /// <exception cref="NasClusterException">The share is negative or no number.</exception>
    internal double[] Of(GramMatrix hessian)
    {
        if (!(Share >= 0 && double.IsFinite(Share)))
        {
            throw new NasClusterException($"The damping is {Share}; it must be 0 or more.");
        }

        // A network that is silent on the whole set has a zero matrix, and any damping will do.
        var mean = hessian.MeanDiagonal is > 0 and var found ? found : 1;
        var added = new double[hessian.Size];
        for (var i = 0; i < added.Length; i++)
        {
            added[i] = Share * (Rule == DampingRule.OwnDiagonal && hessian[i, i] > 0 ? hessian[i, i] : mean);
        }

        return added;
    }
}
