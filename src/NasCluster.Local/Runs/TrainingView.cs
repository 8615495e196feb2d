using System.Collections.Immutable;
using NasCluster.Llama.Training;
using NasCluster.Reporting.Progress;
using NasCluster.Reporting.Training;

namespace NasCluster.Local.Runs;

/// <summary>Follows a training for those who show it: told after each step, read from any thread.</summary>
/// <param name="model">The model's name for people.</param>
/// <param name="steps">How many steps there are to be.</param>
internal sealed class TrainingView(string model, long steps) : ITrainingProgressSource
{
    private TrainingSnapshot _snapshot = new() { Model = model, Step = 0, Steps = steps, Tokens = 0 };

    public TrainingSnapshot Read() => Volatile.Read(ref _snapshot);

    /// <summary>Takes a step over.</summary>
    /// <param name="step">The step; null where the training is shown before its first.</param>
    /// <param name="progress">Where the training is after it.</param>
    public void Take(TrainingStep? step, Llama.Training.TrainingProgress progress)
    {
        var point = progress.Curve.LastOrDefault();
        Volatile.Write(ref _snapshot, Read() with
        {
            Step = progress.Step,
            Tokens = progress.Tokens,
            LearningRate = step?.LearningRate,
            TrainingLoss = progress.LossCount > 0 ? progress.LossSum / progress.LossCount : point?.TrainingLoss,
            Largest = point?.Largest,
            Smallest = point?.Smallest,
            Random = point?.Random,
        });
    }

    /// <summary>Says that it has ended, or stopped before the end.</summary>
    public void End(bool isFinished) =>
        Volatile.Write(ref _snapshot, Read() with { State = isFinished ? ProgressState.Finished : ProgressState.Stopped });

    /// <summary>The curves so far.</summary>
    public static TrainingCurves Curves(string model, string note, ImmutableArray<TrainingPoint> points) => new()
    {
        Model = model,
        Note = note,
        Points = [.. points.Select(p => new TrainingCurvePoint(p.Step, p.Tokens, p.LearningRate, p.TrainingLoss, p.Largest, p.Smallest, p.Random))],
    };
}
