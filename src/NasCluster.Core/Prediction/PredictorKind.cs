namespace NasCluster.Core.Prediction;

/// <summary>How an objective is predicted.</summary>
public enum PredictorKind
{
    /// <summary>A constant: there were too few outcomes, or all were equal.</summary>
    Constant,

    /// <summary>Ridge regression on one-hot genes: a score for every option of every gene.</summary>
    Ridge,

    /// <summary>Ridge regression with a radial kernel over one-hot genes: near genomes have near values.</summary>
    RadialKernel,

    /// <summary>A Gaussian process with that kernel, its settings chosen by their likelihood.</summary>
    GaussianProcess,
}
