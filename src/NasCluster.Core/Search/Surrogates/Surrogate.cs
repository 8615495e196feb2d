using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Prediction;

namespace NasCluster.Core.Search.Surrogates;

/// <summary>What a round knows of genomes that were never evaluated: objectives computed where they can be, predicted where they must be.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="options">The search's.</param>
/// <param name="encoding">Of the search's space.</param>
/// <param name="predictors">One per objective, of its value to be minimised; null where the options compute it.</param>
/// <param name="violation">Null where every known trial keeps the constraints, or the options compute how far a genome breaks them.</param>
internal sealed class Surrogate(
    SearchOptions options, OneHotEncoding encoding, ImmutableArray<IPredictor?> predictors, PredictedViolation? violation)
{
    private readonly ObjectiveOrientation _orientation = new(options.Objectives);
    private readonly ulong[] _bits = new ulong[encoding.Words];

    /// <summary>Whether the options compute an objective.</summary>
    public static bool IsComputed(SearchOptions options, int objective) => options.Analytic?.Computes(options.Objectives[objective]) ?? false;

    /// <summary>The objectives of a canonical genome, all to be minimised, and how far it breaks the constraints or is thought to.</summary>
    public EvaluationOutcome Predict(Genome genome)
    {
        encoding.Encode(genome, _bits);
        var values = ImmutableArray.CreateBuilder<ObjectiveValue>(predictors.Length);
        for (var k = 0; k < predictors.Length; k++)
        {
            values.Add(new ObjectiveValue(predictors[k]?.Predict(_bits) ?? Compute(k, genome), 0));
        }

        return EvaluationOutcome.Success(values.MoveToImmutable(), options.Analytic?.Violation(genome) ?? violation?.Predict(_bits) ?? 0);
    }

    private double Compute(int objective, Genome genome) => _orientation.Minimised(objective, options.Analytic!.Compute(options.Objectives[objective], genome));
}
