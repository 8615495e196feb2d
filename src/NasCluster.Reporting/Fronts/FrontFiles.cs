using NasCluster.Core;
using NasCluster.Reporting.Plots;

namespace NasCluster.Reporting.Fronts;

/// <summary>A front as files: <c>front.json</c> with all trials, <c>front.csv</c> and <c>front.svg</c>.</summary>
public static class FrontFiles
{
    /// <summary>Writes the files into a directory, each whole or not at all; older ones of their names are replaced.</summary>
    /// <param name="directory">The directory; it must be there.</param>
    /// <param name="report">The front.</param>
    /// <param name="advice">A sentence for whoever reads that a file cannot be written; may be empty.</param>
    /// <exception cref="NasClusterException">One cannot be written.</exception>
    public static void Write(string directory, FrontReport report, string advice = "")
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(report);
        Put("front.json", writer => FrontWriter.Write(report, FrontFormat.Json, writer, new FrontWriterOptions { AllTrials = true }));
        Put("front.csv", writer => FrontWriter.Write(report, FrontFormat.Csv, writer));
        Put("front.svg", writer => SvgPlot.Write(report, writer));

        void Put(string name, Action<TextWriter> write)
        {
            var path = Path.Combine(directory, name);
            try
            {
                ReplacedFile.Write(path, write);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new NasClusterException($"{path} cannot be written: {exception.Message} {advice}".TrimEnd(), exception);
            }
        }
    }
}
