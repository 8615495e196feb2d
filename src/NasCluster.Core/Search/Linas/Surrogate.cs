using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Prediction;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Rounds;

namespace NasCluster.Core.Search.Linas;

/// <summary>What a round knows of genomes that were never evaluated: objectives computed where they can be, predicted where they must be.</summary>
internal sealed class Surrogate
{
    private readonly ImmutableArray<Objective> _objectives;
    private readonly IAnalyticObjectives? _analytic;
    private readonly ObjectiveOrientation _orientation;
    private readonly OneHotEncoding _encoding;

    /// <summary>One per objective; null where it is computed.</summary>
    private readonly IPredictor?[] _predictors;

    private readonly PredictedViolation? _violation;
    private readonly ulong[] _bits;

    private Surrogate(
        SearchOptions options, OneHotEncoding encoding, IPredictor?[] predictors, PredictedViolation? violation, ImmutableArray<PredictorFit> fits)
    {
        _objectives = options.Objectives;
        _analytic = options.Analytic;
        _orientation = new ObjectiveOrientation(options.Objectives);
        _encoding = encoding;
        _predictors = predictors;
        _violation = violation;
        _bits = new ulong[encoding.Words];
        Fits = fits;
    }

    /// <summary>How well each predicted objective was.</summary>
    public ImmutableArray<PredictorFit> Fits { get; }

    /// <summary>Learns from what a round knows.</summary>
    /// <param name="options">The search's.</param>
    /// <param name="space">The search's.</param>
    /// <param name="round">It has at least one trial with values.</param>
    /// <param name="mostSamples">Of more trials than these, those are left out that are furthest behind the front.</param>
    public static Surrogate Fit(SearchOptions options, ISearchSpace space, Round round, int mostSamples)
    {
        var told = new RankedPopulation([]).Merge(round.Told, mostSamples).Individuals;
        var encoding = new OneHotEncoding(space.Cardinalities);
        var samples = new Samples(encoding, [.. told.Select(i => round.Book[i.Id])]);
        var foldSeed = round.Random.NextUInt64();
        var predictors = new IPredictor?[options.Objectives.Length];
        var fits = ImmutableArray.CreateBuilder<PredictorFit>();
        for (var k = 0; k < predictors.Length; k++)
        {
            if (options.Analytic?.Computes(options.Objectives[k]) ?? false)
            {
                continue;
            }

            double[] targets = [.. told.Select(i => i.Objectives[k])];
            var chosen = PredictorGrid.Choose(samples, targets, foldSeed);
            predictors[k] = chosen.Predictor;
            fits.Add(new PredictorFit(
                round.Number, options.Objectives[k].Name, chosen.Kind, PredictionError.KendallTau(targets, chosen.Validated),
                PredictionError.MeanAbsolutePercentage(targets, chosen.Validated), told.Count));
        }

        var violation = PredictedViolation.Fit(samples, [.. told.Select(i => i.Violation)], foldSeed);
        return new Surrogate(options, encoding, predictors, violation, fits.ToImmutable());
    }

    /// <summary>The objectives of a canonical genome, all to be minimised, and how far it is thought to break the constraints.</summary>
    public EvaluationOutcome Predict(Genome genome)
    {
        _encoding.Encode(genome, _bits);
        var values = ImmutableArray.CreateBuilder<ObjectiveValue>(_predictors.Length);
        for (var k = 0; k < _predictors.Length; k++)
        {
            values.Add(new ObjectiveValue(
                _predictors[k] is { } predictor ? predictor.Predict(_bits) : _orientation.Minimised(k, _analytic!.Compute(_objectives[k], genome)), 0));
        }

        return EvaluationOutcome.Success(values.MoveToImmutable(), _violation?.Predict(_bits) ?? 0);
    }
}
