using NasCluster.Reporting.Training;

namespace NasCluster.Reporting.Tests.Training;

/// <summary>Curves as a run of a thousand steps leaves them: every tenth step, sub-networks every hundredth.</summary>
internal static class SampleCurves
{
    public static TrainingCurves Usual => new()
    {
        Model = "world-3M",
        Note = "sandwich rule, seed 1",
        Points = [.. Enumerable.Range(0, 101).Select(i => Point(10 * i))],
    };

    public static TrainingCurves Of(params TrainingCurvePoint[] points) => new() { Model = "m", Points = [.. points] };

    private static TrainingCurvePoint Point(int step)
    {
        var loss = 0.8 + (5.4 * Math.Exp(-step / 180.0));
        var isEvaluated = step % 100 == 0;
        return new TrainingCurvePoint(
            step, 4096L * step, 1e-3 * (1 - (step / 1001.0)), loss + (0.1 * Math.Sin(step)), isEvaluated ? loss : null, isEvaluated ? loss + 0.4 : null, isEvaluated ? loss + 0.15 : null);
    }
}
