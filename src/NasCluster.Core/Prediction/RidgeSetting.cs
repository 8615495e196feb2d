namespace NasCluster.Core.Prediction;

/// <summary>Ridge regression on one-hot genes with an intercept that is not penalised (Hoerl and Kennard 1970).</summary>
/// <remarks>In the dual where there are fewer samples than features, else in the primal on centred features; both give the same weights.</remarks>
/// <param name="Alpha">The penalty, above 0.</param>
internal sealed record RidgeSetting(double Alpha) : IPredictorSetting
{
    public PredictorKind Kind => PredictorKind.Ridge;

    public IPredictor Fit(Samples samples, ReadOnlySpan<double> targets, ReadOnlySpan<int> chosen) =>
        (chosen.Length < samples.Encoding.Width ? Dual(samples, targets, chosen) : Primal(samples, targets, chosen))
        ?? throw new InvalidOperationException($"Ridge regression with alpha {Alpha} is singular.");

    /// <summary>By the kernel of one-hot genes: the number of genes shared.</summary>
    internal RidgePredictor? Dual(Samples samples, ReadOnlySpan<double> targets, ReadOnlySpan<int> chosen)
    {
        double[] kernel = [.. Enumerable.Range(0, samples.Encoding.Genes + 1)];
        if (KernelRidge.Fit(samples, targets, chosen, kernel, Alpha) is not { } fitted)
        {
            return null;
        }

        var weights = new double[samples.Encoding.Width];
        for (var i = 0; i < chosen.Length; i++)
        {
            foreach (var feature in RidgePredictor.Ones(samples[chosen[i]]))
            {
                weights[feature] += fitted.Weights[i];
            }
        }

        return new RidgePredictor(weights, fitted.Intercept);
    }

    /// <summary>By the normal equations of centred features: (Z^T Z - n m m^T + alpha I) w = Z^T (y - mean).</summary>
    internal RidgePredictor? Primal(Samples samples, ReadOnlySpan<double> targets, ReadOnlySpan<int> chosen)
    {
        var (n, width) = (chosen.Length, samples.Encoding.Width);
        double mean = 0;
        foreach (var sample in chosen)
        {
            mean += targets[sample] / n;
        }

        var matrix = new double[width * width];
        var means = new double[width];
        var weights = new double[width];
        foreach (var sample in chosen)
        {
            var ones = RidgePredictor.Ones(samples[sample]);
            for (var i = 0; i < ones.Count; i++)
            {
                means[ones[i]] += 1.0 / n;
                weights[ones[i]] += targets[sample] - mean;
                for (var j = 0; j <= i; j++)
                {
                    matrix[(ones[i] * width) + ones[j]]++;
                }
            }
        }

        for (var i = 0; i < width; i++)
        {
            Cholesky.SubtractScaled(matrix.AsSpan(i * width, i + 1), means.AsSpan(0, i + 1), n * means[i]);
            matrix[(i * width) + i] += Alpha;
        }

        if (!Cholesky.TryFactor(matrix, width))
        {
            return null;
        }

        Cholesky.Solve(matrix, width, weights, 1);
        for (var i = 0; i < width; i++)
        {
            mean -= weights[i] * means[i];
        }

        return new RidgePredictor(weights, mean);
    }
}
