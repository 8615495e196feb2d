using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Rounds;

namespace NasCluster.Core.Search.Surrogates;

/// <summary>A genome with what a surrogate makes of it.</summary>
/// <param name="Genome">Canonical.</param>
/// <param name="Predicted">All objectives to be minimised; its number is that within the inner search.</param>
internal sealed record PredictedGenome(Genome Genome, Individual Predicted);

/// <summary>NSGA-II on predictions: it starts from the best of what is known, as half of its population, and gives every genome it looked at.</summary>
internal sealed class InnerSearch(SearchOptions options, ISearchSpace space, Nsga2Options algorithm, int evaluations)
{
    /// <summary>Runs it; no genome occurs twice, and known ones may occur, for parents are not worse for being known.</summary>
    public List<PredictedGenome> Run(Round round, Surrogate surrogate)
    {
        var best = new RankedPopulation([]).Merge(round.Told, Math.Max(1, algorithm.PopulationSize / 2)).Individuals;
        var search = algorithm.Create(
            new SearchOptions
            {
                Objectives = [.. options.Objectives.Select(o => o with { Direction = ObjectiveDirection.Minimise })],
                Budget = evaluations,
                Seed = round.Random.NextUInt64(),
                InitialGenomes = [.. best.Select(i => round.Book[i.Id])],
            },
            space);
        var candidates = new List<PredictedGenome>();
        while (!search.IsFinished)
        {
            foreach (var trial in search.Ask(int.MaxValue))
            {
                var outcome = surrogate.Predict(trial.Genome);
                candidates.Add(new PredictedGenome(
                    trial.Genome, new Individual(trial.Id, [.. outcome.Values.Select(v => v.Value)], outcome.ConstraintViolation)));
                search.Tell(trial.Id, outcome);
            }
        }

        return candidates;
    }
}
