using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Evaluation.Tests.Measurements.Tables;

public sealed class MedianPolishTests
{
    [Fact]
    public void Rows_SlowRoundsAndDisturbedCalls_AreTakenOut()
    {
        double[] networks = [1, 2, 5, 7, 11];
        double[] rounds = [1, 3, 1, 0.5, 1, 1, 2];
        var values = new double[networks.Length, rounds.Length];
        for (var i = 0; i < networks.Length; i++)
        {
            for (var j = 0; j < rounds.Length; j++)
            {
                values[i, j] = networks[i] * rounds[j];
            }
        }

        values[1, 2] *= 50;
        values[4, 6] *= 3;

        var polish = new MedianPolish(values);

        Assert.All(networks.Zip(polish.Rows), p => Assert.Equal(p.First, p.Second, 9));
        Assert.All(polish.StandardErrors, e => Assert.Equal(0, e, 9));
        Assert.Equal(5, polish.Levelled[2, 1], 9);
        Assert.Equal(100, polish.Levelled[1, 2], 9);
    }

    [Fact]
    public void StandardErrors_Noise_IsThatOfTheMedianAsAShare()
    {
        // 10 % up and down in turn: the median distance is 10 %, its standard error 1.2533 x 1.4826 x 0.1 / sqrt(n).
        var values = new double[3, 8];
        for (var j = 0; j < 8; j++)
        {
            values[0, j] = 4;
            values[1, j] = 9 * Math.Exp(j % 2 == 0 ? 0.1 : -0.1);
            values[2, j] = 6;
        }

        var polish = new MedianPolish(values);

        Assert.Equal(1.2533141373155 * 1.4826 * 0.1 / Math.Sqrt(8), polish.StandardErrors[1], 9);
        Assert.Equal(9, polish.Rows[1], 9);
    }
}
