using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>What evaluating a genome does: give values, always fail, or kill its evaluator; decided by the key alone.</summary>
internal sealed class SimulatedEvaluations(bool hasPoison, bool hasFailing)
{
    /// <summary>The last gene is dead where the first is 0, so that different genomes share a key.</summary>
    public static EvaluationKey KeyOf(Genome genome) =>
        new(string.Join("-", genome.Genes[0] == 0 ? genome.Genes.SetItem(genome.Genes.Length - 1, 0) : genome.Genes));

    public bool IsPoison(Genome genome) => hasPoison && Code(genome) % 37 == 5;

    public bool IsFailing(Genome genome) => hasFailing && Code(genome) % 29 == 7;

    /// <summary>What an evaluator reports if it lives.</summary>
    public EvaluationOutcome Evaluate(Genome genome)
    {
        if (IsFailing(genome))
        {
            return EvaluationOutcome.Failed("this network has no layers");
        }

        var mixed = new Mix(Code(genome));
        return EvaluationOutcome.Success([new ObjectiveValue(mixed.NextUnit(), 0), new ObjectiveValue(mixed.NextUnit(), 0)]);
    }

    /// <summary>What must end up in the log.</summary>
    public EvaluationOutcome FinalOutcome(Genome genome, ControllerOptions options) =>
        IsPoison(genome)
            ? EvaluationOutcome.Failed($"given up after {options.LoneLossesBeforeParking} evaluators were lost while each worked on it alone")
            : IsFailing(genome)
                ? EvaluationOutcome.Failed($"given up after {options.FailuresBeforeParking} failures, the last: {Evaluate(genome).Failure}")
                : Evaluate(genome);

    private static ulong Code(Genome genome)
    {
        var mixed = new Mix(17);
        foreach (var character in KeyOf(genome).Value)
        {
            mixed.Add(character);
        }

        return (ulong)mixed.Next(int.MaxValue);
    }
}
