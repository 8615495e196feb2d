namespace NasCluster.Core.Prediction;

/// <summary>Kernel ridge regression with the radial kernel exp(-gamma |x - x'|^2) on one-hot genes.</summary>
/// <remarks>
/// The squared distance is twice the number of genes that differ, so the kernel is a power: similarity^differing with
/// similarity = exp(-2 gamma). As a product of factors it has the same bits everywhere, which the C library's exp has not.
/// </remarks>
/// <param name="Similarity">The kernel of two genomes that differ in one gene, in (0, 1).</param>
/// <param name="Alpha">The penalty, above 0; the kernel of a genome with itself is 1.</param>
internal sealed record RadialKernelSetting(double Similarity, double Alpha) : IPredictorSetting
{
    public PredictorKind Kind => PredictorKind.RadialKernel;

    public IPredictor Fit(Samples samples, ReadOnlySpan<double> targets, ReadOnlySpan<int> chosen) =>
        KernelRidge.Fit(samples, targets, chosen, Table(Similarity, samples.Encoding.Genes), Alpha)
        ?? throw new InvalidOperationException($"The radial kernel with similarity {Similarity} and alpha {Alpha} is singular.");

    /// <summary>The kernel of two genomes that share 0, 1, ... up to all genes.</summary>
    internal static double[] Table(double similarity, int genes)
    {
        var table = new double[genes + 1];
        table[genes] = 1;
        for (var shared = genes - 1; shared >= 0; shared--)
        {
            table[shared] = table[shared + 1] * similarity;
        }

        return table;
    }
}
