using System.Collections.Immutable;
using NasCluster.Core.Prediction;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Rounds;

namespace NasCluster.Core.Search.Surrogates;

/// <summary>What predictors learn from in a round, encoded.</summary>
internal sealed class Lesson
{
    private readonly SearchOptions _options;
    private readonly IReadOnlyList<Individual> _told;
    private readonly ImmutableArray<Genome> _genomes;
    private readonly int _round;
    private readonly ulong _foldSeed;

    /// <summary>Gathers it.</summary>
    /// <param name="options">The search's.</param>
    /// <param name="space">The search's.</param>
    /// <param name="round">It has at least one trial with values.</param>
    /// <param name="mostSamples">Of more trials than these, those are left out that are furthest behind the front.</param>
    public Lesson(SearchOptions options, ISearchSpace space, Round round, int mostSamples)
    {
        _options = options;
        _told = new RankedPopulation([]).Merge(round.Told, mostSamples).Individuals;
        _round = round.Number;
        _foldSeed = round.Random.NextUInt64();
        Encoding = new OneHotEncoding(space.Cardinalities);
        _genomes = [.. _told.Select(i => round.Book[i.Id])];
        Samples = new Samples(Encoding, _genomes);
    }

    /// <summary>How genomes are encoded.</summary>
    public OneHotEncoding Encoding { get; }

    /// <summary>The genomes.</summary>
    public Samples Samples { get; }

    /// <summary>Their values of an objective, to be minimised.</summary>
    public double[] Targets(int objective) => [.. _told.Select(i => i.Objectives[objective])];

    /// <summary>The better of ridge and radial-kernel regression for every objective that must be predicted.</summary>
    public (Surrogate Surrogate, ImmutableArray<PredictorFit> Fits) FitGrid()
    {
        var predictors = ImmutableArray.CreateBuilder<IPredictor?>();
        var fits = ImmutableArray.CreateBuilder<PredictorFit>();
        for (var k = 0; k < _options.Objectives.Length; k++)
        {
            if (Surrogate.IsComputed(_options, k))
            {
                predictors.Add(null);
                continue;
            }

            var chosen = PredictorGrid.Choose(Samples, Targets(k), _foldSeed);
            predictors.Add(chosen.Predictor);
            fits.Add(Fit(k, chosen.Kind, chosen.Validated));
        }

        return (Build(predictors.ToImmutable()), fits.ToImmutable());
    }

    /// <summary>A surrogate of given predictors, with what is to be said of the constraints.</summary>
    public Surrogate Build(ImmutableArray<IPredictor?> predictors) =>
        new(_options, Encoding, predictors, ComputesViolation ? null : PredictedViolation.Fit(Samples, [.. _told.Select(i => i.Violation)], _foldSeed));

    private bool ComputesViolation => _options.Analytic?.Violation(_genomes[0]) is not null;

    /// <summary>How well an objective was predicted.</summary>
    public PredictorFit Fit(int objective, PredictorKind kind, double[] validated)
    {
        var targets = Targets(objective);
        return new PredictorFit(
            _round, _options.Objectives[objective].Name, kind, PredictionError.KendallTau(targets, validated),
            PredictionError.MeanAbsolutePercentage(targets, validated), Samples.Count);
    }
}
