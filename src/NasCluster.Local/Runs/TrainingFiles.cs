using NasCluster.Core;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;
using NasCluster.Reporting;
using NasCluster.Reporting.Training;

namespace NasCluster.Local.Runs;

/// <summary>The directory of a training.</summary>
/// <param name="directory">As the user wrote it; made if it is not there.</param>
/// <param name="tokenizer">The tokenizer's file, which is put beside the result.</param>
/// <param name="type">Number format of the result.</param>
/// <param name="result">Where the result is put, on the same disk, for others to find it whole or not at all; null to leave it in <paramref name="directory"/>.</param>
internal sealed class TrainingFiles(string directory, string tokenizer, WeightType type, string? result = null)
{
    /// <summary>What a training goes on from.</summary>
    public string State => Path.Combine(directory, "training.safetensors");

    /// <summary>The result: a Hugging Face directory.</summary>
    public string Model => result ?? InDirectory;

    /// <summary>The curves.</summary>
    public string Csv => Path.Combine(directory, "curves.csv");

    /// <summary>A picture of the curves.</summary>
    public string Picture => Path.Combine(directory, "curves.svg");

    private string InDirectory => Path.Combine(directory, "model");

    /// <summary>Fails unless the directory is new, empty, or has a training in it, and what is in the result's place is a model.</summary>
    /// <exception cref="NasClusterException">Something else is there, or it cannot be read.</exception>
    public void Check()
    {
        try
        {
            if (Directory.Exists(directory) && !File.Exists(State)
                && Directory.EnumerateFileSystemEntries(directory).Any(p => !p.StartsWith(State, StringComparison.Ordinal)))
            {
                throw new NasClusterException($"{directory}: not empty, and no training is in it; a training begins in a new or empty directory.");
            }

            if (result is not null && Path.Exists(result) && !File.Exists(Path.Combine(result, "config.json")))
            {
                throw new NasClusterException($"{result}: no model is in it; only one would be replaced by the result.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{directory}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Makes the directory, unless it is there.</summary>
    /// <exception cref="NasClusterException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(directory);
            if (Path.GetDirectoryName(result) is { Length: > 0 } parent)
            {
                Directory.CreateDirectory(parent);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{directory}: cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Writes the curves as a table and as a picture, in the place of those written before.</summary>
    /// <exception cref="NasClusterException">They cannot be written.</exception>
    public void WriteCurves(TrainingCurves curves)
    {
        try
        {
            ReplacedFile.Write(Csv, w => TrainingCurveCsv.Write(curves, w));
            ReplacedFile.Write(Picture, w => SvgCurvePlot.Write(curves, w));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{directory}: the curves cannot be written: {e.Message} The training itself is safe; the same command writes them.", e);
        }
    }

    /// <summary>Writes the trained network with its tokenizer, in the place of one written before.</summary>
    /// <exception cref="NasClusterException">It cannot be written.</exception>
    public void WriteModel(ParameterSet weights)
    {
        try
        {
            if (Directory.Exists(InDirectory))
            {
                Directory.Delete(InDirectory, recursive: true);
            }

            using var checkpoint = weights.ToCheckpoint();
            HuggingFaceDirectory.Write(checkpoint, InDirectory, type, tokenizerFile: tokenizer);
            if (result is not null)
            {
                Publish(result);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NasClusterException($"{Model}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Puts the result in its place by a rename, and takes one that was there before out of it likewise.</summary>
    private void Publish(string place)
    {
        var former = Path.Combine(directory, "former");
        if (Directory.Exists(former))
        {
            Directory.Delete(former, recursive: true);
        }

        if (Directory.Exists(place))
        {
            Directory.Move(place, former);
        }

        Directory.Move(InDirectory, place);
        if (Directory.Exists(former))
        {
            Directory.Delete(former, recursive: true);
        }
    }
}
