using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Calibration;

namespace NasCluster.Pipeline.Pruning;

/// <summary>What repair needs to know of a super-network: gathered once, and used by every evaluator that repairs its candidates.</summary>
public sealed class RepairBasis
{
    internal RepairBasis(TextSet calibration, CalibrationStatistics statistics)
    {
        Calibration = calibration;
        Statistics = statistics;
    }

    internal TextSet Calibration { get; }

    internal CalibrationStatistics Statistics { get; }
}
