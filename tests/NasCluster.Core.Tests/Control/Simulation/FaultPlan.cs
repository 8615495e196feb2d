namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>How often what goes wrong in one run: drawn from the seed, each kind absent from half of the runs.</summary>
internal sealed record FaultPlan
{
    public static FaultPlan None { get; } = new();

    /// <summary>A message between controller and evaluator does not arrive.</summary>
    public double Drop { get; init; }

    /// <summary>It arrives twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>It arrives up to minutes late, and so after later ones.</summary>
    public double Delay { get; init; }

    /// <summary>The controller's process dies before an effect is carried out.</summary>
    public double CrashPerEffect { get; init; }

    /// <summary>A write takes longer than a lease.</summary>
    public double SlowWrite { get; init; }

    /// <summary>A write is reported as failed, applied or not.</summary>
    public double FailedWrite { get; init; }

    /// <summary>An evaluator reports a failure of a network that is sound.</summary>
    public double FlakyFailure { get; init; }

    /// <summary>An evaluation takes longer than a lease without renewal would last.</summary>
    public double SlowEvaluation { get; init; }

    /// <summary>An evaluator works on after it was told to drop a lease.</summary>
    public double IgnoredRevocation { get; init; }

    /// <summary>The cache does not answer, or too late.</summary>
    public double LostLookUp { get; init; }

    /// <summary>Something happens within some seconds: an evaluator dies, is declared dead, drains; a pause, a stop, a sleep.</summary>
    public double Incident { get; init; }

    public static FaultPlan Draw(Mix random)
    {
        double Up(double most) => random.Chance(0.5) ? 0 : random.NextUnit() * most;
        return new FaultPlan
        {
            Drop = Up(0.3),
            Duplicate = Up(0.3),
            Delay = Up(0.3),
            CrashPerEffect = Up(0.05),
            SlowWrite = Up(0.2),
            FailedWrite = Up(0.4),
            FlakyFailure = Up(0.3),
            SlowEvaluation = Up(0.2),
            IgnoredRevocation = Up(0.5),
            LostLookUp = Up(0.5),
            Incident = Up(0.5),
        };
    }
}
