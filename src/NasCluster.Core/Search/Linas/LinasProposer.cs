using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Rounds;
using NasCluster.Core.Search.Surrogates;

namespace NasCluster.Core.Search.Linas;

/// <summary>What LINAS evaluates next: the best genomes that NSGA-II finds by predictors fitted to all that is known.</summary>
internal sealed class LinasProposer(SearchOptions options, ISearchSpace space, Nsga2Options inner, int innerEvaluations, int mostSamples) : IProposer
{
    public Proposal Propose(Round round, int count)
    {
        var (surrogate, fits) = new Lesson(options, space, round, mostSamples).FitGrid();
        var found = new InnerSearch(options, space, inner, innerEvaluations).Run(round, surrogate);
        var candidates = found.Where(c => !round.Book.Contains(c.Genome)).ToArray();
        var genomes = candidates.ToDictionary(c => c.Predicted.Id, c => c.Genome);
        var best = HypervolumeSelection.Select(round.Told, [.. candidates.Select(c => c.Predicted)], count);
        return new Proposal([.. best.Select(i => genomes[i.Id])], fits);
    }
}
