namespace NasCluster.Llama.Training;

/// <summary>The Euclidean length of all gradients as one vector.</summary>
internal static class GradientNorm
{
    private const int Chains = 4;

    /// <summary>The length; infinite or NaN where a gradient is.</summary>
    public static double Of(ParameterSet gradients, int threads) => Math.Sqrt(ElementRuns.Sum(gradients, threads, SumOfSquares));

    // Chains that do not wait for each other; how many is a part of the result's bits.
    private static double SumOfSquares(float[] values, int first, int count)
    {
        Span<double> sums = stackalloc double[Chains];
        var i = 0;
        for (; i <= count - Chains; i += Chains)
        {
            for (var chain = 0; chain < Chains; chain++)
            {
                double value = values[first + i + chain];
                sums[chain] += value * value;
            }
        }

        for (; i < count; i++)
        {
            double value = values[first + i];
            sums[0] += value * value;
        }

        return sums[0] + sums[1] + (sums[2] + sums[3]);
    }
}
