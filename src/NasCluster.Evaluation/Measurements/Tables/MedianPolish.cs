namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>Tukey's median polish (Exploratory Data Analysis, 1977, chapter 11) of logarithms: what rows and columns of a table have in common, apart.</summary>
/// <remarks>
/// Rows are networks, columns rounds in which each was measured once: a machine that is slow for a while makes a whole round slow, and that is
/// taken out; a call that alone was disturbed moves no median.
/// </remarks>
internal sealed class MedianPolish
{
    private const int Sweeps = 50;


    /// <summary>Polishes positive values.</summary>
    internal MedianPolish(double[,] values)
    {
        var (rows, columns) = (values.GetLength(0), values.GetLength(1));
        var residuals = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                residuals[i, j] = Math.Log(values[i, j]);
            }
        }

        var (row, column) = (new double[rows], new double[columns]);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var moved = 0.0;
            for (var i = 0; i < rows; i++)
            {
                var median = Median.Of(Enumerable.Range(0, columns).Select(j => residuals[i, j]));
                row[i] += median;
                moved = Math.Max(moved, Math.Abs(median));
                for (var j = 0; j < columns; j++)
                {
                    residuals[i, j] -= median;
                }
            }

            for (var j = 0; j < columns; j++)
            {
                var median = Median.Of(Enumerable.Range(0, rows).Select(i => residuals[i, j]));
                column[j] += median;
                moved = Math.Max(moved, Math.Abs(median));
                for (var i = 0; i < rows; i++)
                {
                    residuals[i, j] -= median;
                }
            }

            if (moved < 1e-12)
            {
                break;
            }
        }

        // Values are those of a round of usual speed.
        var level = Median.Of(column);
        double[] levels = [.. column.Select(c => Math.Exp(c - level))];
        Rows = [.. row.Select(r => Math.Exp(r + level))];
        StandardErrors = [.. Enumerable.Range(0, rows).Select(i => Median.Estimate([.. Enumerable.Range(0, columns).Select(j => residuals[i, j])]).StandardError)];
        Levelled = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                Levelled[i, j] = values[i, j] / levels[j];
            }
        }
    }

    /// <summary>Each row's value in a column of usual level.</summary>
    internal double[] Rows { get; }

    /// <summary>Their standard errors, as shares.</summary>
    internal double[] StandardErrors { get; }

    /// <summary>The values with the columns' own levels taken out.</summary>
    internal double[,] Levelled { get; }
}
