using System.Globalization;

namespace NasCluster.Reporting.Training;

/// <summary>
/// Training curves as RFC 4180 CSV: a header, one record per point, lines ended by CR LF; a loss that was not taken is empty.
/// Numbers have all their digits.
/// </summary>
/// <remarks>
/// Columns: <c>step</c>, <c>tokens</c>, <c>learning_rate</c>, <c>training_loss</c>, <c>largest_loss</c>, <c>smallest_loss</c>,
/// <c>random_loss</c>.
/// </remarks>
public static class TrainingCurveCsv
{
    /// <summary>Writes header and points.</summary>
    /// <exception cref="ArgumentException">A figure is not finite, or steps are out of order; nothing is written.</exception>
    public static void Write(TrainingCurves curves, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(writer);
        curves.ThrowIfInconsistent();
        WriteHeader(writer);
        foreach (var point in curves.Points)
        {
            WritePoint(point, writer);
        }
    }

    /// <summary>Writes the header, for a file that grows with its run.</summary>
    public static void WriteHeader(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("step,tokens,learning_rate,training_loss,largest_loss,smallest_loss,random_loss\r\n");
    }

    /// <summary>Writes one more point.</summary>
    /// <exception cref="ArgumentException">A figure is not finite; nothing is written.</exception>
    public static void WritePoint(TrainingCurvePoint point, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        TrainingCurves.Check(point);
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{point.Step},{point.Tokens},{point.LearningRate:R},{point.TrainingLoss:R},{point.Largest:R},{point.Smallest:R},{point.Random:R}\r\n"));
    }
}
