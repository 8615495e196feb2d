using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Storage.Runs;

/// <summary>Records as a search over LLaMA-2-7B would have them.</summary>
internal static class RunSamples
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static OutcomeRecord Outcome(int sequence) => OutcomeOf(sequence, sequence);

    public static OutcomeRecord OutcomeOf(int sequence, int trial) => new(
        sequence,
        new Trial(new TrialId(trial), new Genome([.. Enumerable.Range(0, 33).Select(gene => (trial * 7 + gene) % 5)])),
        new EvaluationKey(Convert.ToHexStringLower(BitConverter.GetBytes(trial)).PadLeft(64, 'a')),
        trial % 50 == 49 ? EvaluationOutcome.Failed("the perplexity is NaN") : EvaluationOutcome.Success([new(trial / 3.0, 0.5), new(6_738_415_616 - trial, 0)]),
        OutcomeSource.Evaluated, Noon.AddTicks(sequence));

    public static StartRecord Start(int lease) => new(new LeaseId(lease), new TrialId(lease), new EvaluatorId("silo-3/cuda-0"), Noon.AddTicks(lease));

    public static ControllerSnapshot Snapshot(int position) => new(position, position + 7, new SearchSnapshot("nsga2", 2, [1, 2, 3, (byte)position]));

    public static HypervolumePoint Point(int sequence, double hypervolume = 0.25) => new(sequence, sequence + 1, [12.5, 7e9], hypervolume);
}
