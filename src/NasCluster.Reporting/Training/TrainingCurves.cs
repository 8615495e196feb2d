using System.Collections.Immutable;

namespace NasCluster.Reporting.Training;

/// <summary>How a training run went.</summary>
public sealed record TrainingCurves
{
    /// <summary>What was trained, as people call it.</summary>
    public required string Model { get; init; }

    /// <summary>How, in a few words such as <c>sandwich rule, seed 1</c>; may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>At least one, by ascending step.</summary>
    public required ImmutableArray<TrainingCurvePoint> Points { get; init; }

    /// <summary>Refuses what cannot be drawn or written, before anything is.</summary>
    /// <exception cref="ArgumentException">There is no point, a figure is not finite or negative, or steps or tokens do not ascend.</exception>
    internal void ThrowIfInconsistent()
    {
        if (Points.IsDefaultOrEmpty)
        {
            throw new ArgumentException("Curves need at least one point.");
        }

        for (var i = 0; i < Points.Length; i++)
        {
            Check(Points[i]);
            if (Points[i].Step < 0 || Points[i].Tokens < 0 || (i > 0 && (Points[i].Step <= Points[i - 1].Step || Points[i].Tokens < Points[i - 1].Tokens)))
            {
                throw new ArgumentException($"Step {Points[i].Step} with {Points[i].Tokens} tokens is out of order; steps ascend from 0 on.");
            }
        }
    }

    /// <exception cref="ArgumentException">A figure is not finite, or negative.</exception>
    internal static void Check(TrainingCurvePoint point)
    {
        double?[] figures = [point.LearningRate, point.TrainingLoss, point.Largest, point.Smallest, point.Random];
        if (figures.Any(f => f is { } figure && !(double.IsFinite(figure) && figure >= 0)))
        {
            throw new ArgumentException($"Step {point.Step} has a loss or a learning rate that is not finite, or below 0.");
        }
    }
}
