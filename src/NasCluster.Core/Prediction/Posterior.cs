namespace NasCluster.Core.Prediction;

/// <summary>What a Gaussian process thinks of a number of genomes, and comes to think when some of them are taken as known.</summary>
internal sealed class Posterior
{
    private readonly Samples _genomes;
    private readonly double[] _kernel;
    private readonly double[] _trend;
    private readonly double _scale;
    private readonly double _noise;

    /// <summary>Rows of L^-1 k, one per sample and then one per genome taken as known; each has an element per genome.</summary>
    private readonly List<double[]> _rows = [];

    private readonly double[] _variances;

    internal Posterior(
        Samples genomes, double[] kernel, double[] means, ReadOnlySpan<double> cross, double[] trend, int samples, double scale, double noise)
    {
        _genomes = genomes;
        _kernel = kernel;
        _trend = trend;
        _scale = scale;
        _noise = noise;
        Means = means;
        _variances = [.. trend.Select(t => 1 + (t * t))];
        for (var i = 0; i < samples; i++)
        {
            AddRow(cross.Slice(i * genomes.Count, genomes.Count).ToArray());
        }
    }

    /// <summary>One per genome.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>The standard deviation of a genome's value.</summary>
    public double Deviation(int genome) => Math.Sqrt(Math.Max(0, _scale * _variances[genome]));

    /// <summary>Takes a genome's mean for its value, as the Kriging believer does (Ginsbourger and others 2010): means stay, variances shrink.</summary>
    public void Believe(int genome)
    {
        var row = new double[_genomes.Count];
        var shared = _genomes.Shared(genome);
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = _kernel[shared[j]] + (_trend[genome] * _trend[j]);
        }

        foreach (var known in _rows)
        {
            Cholesky.SubtractScaled(row, known, known[genome]);
        }

        var root = Math.Sqrt(Math.Max(_variances[genome], 0) + _noise);
        for (var j = 0; j < row.Length; j++)
        {
            row[j] /= root;
        }

        AddRow(row);
    }

    private void AddRow(double[] row)
    {
        _rows.Add(row);
        for (var j = 0; j < row.Length; j++)
        {
            _variances[j] -= row[j] * row[j];
        }
    }
}
