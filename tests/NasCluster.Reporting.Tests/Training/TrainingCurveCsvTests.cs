using NasCluster.Reporting.Training;

namespace NasCluster.Reporting.Tests.Training;

public class TrainingCurveCsvTests
{
    private static readonly TrainingCurves Curves = SampleCurves.Of(
        new(0, 0, 0, 6.238324625039508, 6.25, 6.5, 6.375), new(50, 12_345_678_901, 3e-4, 1.1), new(60, 12_345_678_902, 2.5e-7, 1, Smallest: 0.1 + 0.2));

    private const string Text =
        "step,tokens,learning_rate,training_loss,largest_loss,smallest_loss,random_loss\r\n"
        + "0,0,0,6.238324625039508,6.25,6.5,6.375\r\n"
        + "50,12345678901,0.0003,1.1,,,\r\n"
        + "60,12345678902,2.5E-07,1,,0.30000000000000004,\r\n";

    [Fact]
    public void Write_Points_AreRecordsWithAllDigits() => Assert.Equal(Text, Render(Curves));

    [Fact]
    public void WritePoint_OneByOne_GivesTheSameFile()
    {
        var writer = new StringWriter();
        TrainingCurveCsv.WriteHeader(writer);
        foreach (var point in Curves.Points)
        {
            TrainingCurveCsv.WritePoint(point, writer);
        }

        Assert.Equal(Text, writer.ToString());
    }

    [Fact]
    public void Write_OtherCulture_ChangesNothing() => Assert.Equal(Text, Cultures.WithComma(() => Render(Curves)));

    public static TheoryData<TrainingCurvePoint[]> Wrong => new()
    {
        Array.Empty<TrainingCurvePoint>(),
        new TrainingCurvePoint[] { new(1, 1, 0.1, double.NaN) },
        new TrainingCurvePoint[] { new(1, 1, double.PositiveInfinity, 1) },
        new TrainingCurvePoint[] { new(1, 1, 0.1, 1), new(2, 2, 0.1, 1, Random: double.NaN) },
        new TrainingCurvePoint[] { new(1, 1, 0.1, 1, Largest: double.PositiveInfinity) },
        new TrainingCurvePoint[] { new(1, 1, 0.1, -1) },
        new TrainingCurvePoint[] { new(2, 1, 0.1, 1), new(2, 2, 0.1, 1) },
        new TrainingCurvePoint[] { new(2, 2, 0.1, 1), new(3, 1, 0.1, 1) },
        new TrainingCurvePoint[] { new(-1, 2, 0.1, 1) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Write_NotFiniteOrOutOfOrder_IsRefusedBeforeAnythingIsWritten(TrainingCurvePoint[] points)
    {
        var writer = new StringWriter();
        Assert.Throws<ArgumentException>(() => TrainingCurveCsv.Write(SampleCurves.Of(points), writer));
        Assert.Throws<ArgumentException>(() => SvgCurvePlot.Write(SampleCurves.Of(points), writer));
        Assert.Empty(writer.ToString());
    }

    [Fact]
    public void WritePoint_NotFinite_IsRefusedBeforeAnythingIsWritten()
    {
        var writer = new StringWriter();
        Assert.Throws<ArgumentException>(() => TrainingCurveCsv.WritePoint(new(1, 1, 0.1, double.NaN), writer));
        Assert.Empty(writer.ToString());
    }

    private static string Render(TrainingCurves curves)
    {
        var writer = new StringWriter();
        TrainingCurveCsv.Write(curves, writer);
        return writer.ToString();
    }
}
