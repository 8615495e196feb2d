using NasCluster.Core.Control;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control;

/// <summary>Log lines for recovery tests.</summary>
internal static class RecoveredLog
{
    public static OutcomeRecord Record(long sequence, long trial, int gene, double value) => new(
        sequence,
        new Trial(new TrialId(trial), new Genome([gene])),
        ControllerScript.KeyOf(new Genome([gene])),
        ControllerScript.Value(value),
        OutcomeSource.Evaluated,
        ControllerScript.Start);
}
