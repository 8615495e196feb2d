using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>What the oracle knows of one lease that is not over.</summary>
internal sealed class OracleLease(LeaseId id, OracleEvaluator evaluator)
{
    public LeaseId Id { get; } = id;

    public OracleEvaluator Evaluator { get; } = evaluator;

    public SortedSet<TrialId> Trials { get; } = [];

    public bool IsDispatched { get; set; }

    public bool IsRevoked { get; set; }

    public bool IsLive => IsDispatched && !IsRevoked;

    public bool WasAlone { get; set; }

    public TimeSpan Deadline { get; set; }
}

/// <summary>What the oracle knows of one evaluator that joined.</summary>
internal sealed class OracleEvaluator(EvaluatorId id, int batchSize)
{
    public EvaluatorId Id { get; } = id;

    public int BatchSize { get; } = batchSize;

    public bool IsDraining { get; set; }

    public OracleLease? Holds { get; set; }
}

/// <summary>What the oracle knows of one trial that was handed out.</summary>
internal sealed class OracleTrial(Trial trial)
{
    public Trial Trial { get; } = trial;

    public EvaluationKey Key { get; } = SimulatedEvaluations.KeyOf(trial.Genome);

    public int Failures { get; set; }

    public int Losses { get; set; }

    public int LoneLosses { get; set; }

    public OracleLease? Lease { get; set; }

    public EvaluationOutcome? Reported { get; set; }

    public bool IsDecided { get; set; }
}
