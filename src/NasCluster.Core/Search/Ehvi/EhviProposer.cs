using System.Collections.Immutable;
using NasCluster.Core.Pareto;
using NasCluster.Core.Prediction;
using NasCluster.Core.Randomness;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Operators;
using NasCluster.Core.Search.Rounds;
using NasCluster.Core.Search.Surrogates;

namespace NasCluster.Core.Search.Ehvi;

/// <summary>What Bayesian optimisation evaluates next: the candidates of the greatest expected hypervolume improvement, one after the other.</summary>
internal sealed class EhviProposer(SearchOptions options, ISearchSpace space, Nsga2Options inner, int innerEvaluations, int mostSamples) : IProposer
{
    /// <summary>Candidates that the inner search is good for; and as many at most are random, and neighbours of the front.</summary>
    private const int CandidatesOfEachKind = 200;

    public Proposal Propose(Round round, int count)
    {
        var lesson = new Lesson(options, space, round, mostSamples);
        var processes = Enumerable.Range(0, options.Objectives.Length)
            .Select(k => Surrogate.IsComputed(options, k) ? null : GaussianProcess.Fit(lesson.Samples, lesson.Targets(k))).ToImmutableArray();
        var surrogate = lesson.Build([.. processes]);
        ImmutableArray<PredictorFit> fits =
            [.. processes.SelectMany((p, k) => p is null ? Array.Empty<PredictorFit>() : [lesson.Fit(k, PredictorKind.GaussianProcess, p.LeftOut(lesson.Targets(k)))])];

        var candidates = Candidates(round, surrogate);
        var feasible = candidates.Where(c => c.Predicted.Violation == 0).ToArray();
        var chosen = feasible.Length == 0 ? [] : Choose(round, processes, lesson.Encoding, feasible, count);
        var taken = chosen.Select(c => c.Predicted.Id).ToHashSet();
        var rest = candidates.Where(c => !taken.Contains(c.Predicted.Id)).ToDictionary(c => c.Predicted.Id);
        var more = HypervolumeSelection.Select(round.Told, [.. rest.Values.Select(c => c.Predicted)], count - chosen.Count);
        return new Proposal([.. chosen.Select(c => c.Genome), .. more.Select(i => rest[i.Id].Genome)], fits);
    }

    private List<PredictedGenome> Candidates(Round round, Surrogate surrogate)
    {
        var found = new InnerSearch(options, space, inner, innerEvaluations).Run(round, surrogate).Where(c => !round.Book.Contains(c.Genome)).ToDictionary(c => c.Predicted.Id);
        var best = new RankedPopulation([]).Merge(found.Values.Select(c => c.Predicted), CandidatesOfEachKind);
        var genomes = best.Individuals.Select(i => found[i.Id].Genome)
            .Concat(Neighbours(round).Take(CandidatesOfEachKind))
            .Concat(Enumerable.Range(0, CandidatesOfEachKind).Select(_ => space.Canonicalise(RandomSampling.Sample(space.Cardinalities, round.Random))));
        var order = 0;
        return [.. genomes.Distinct().Where(g => !round.Book.Contains(g)).Select(genome =>
        {
            var outcome = surrogate.Predict(genome);
            return new PredictedGenome(
                genome, new Individual(new TrialId(order++), [.. outcome.Values.Select(v => v.Value)], outcome.ConstraintViolation));
        })];
    }

    /// <summary>Genomes that differ from one of the front in one gene, those of different members in turn.</summary>
    private IEnumerable<Genome> Neighbours(Round round)
    {
        var population = new RankedPopulation(round.Told);
        var front = population.Fronts[0].Select(i => round.Book[population.Individuals[i].Id]).ToArray();
        var changes = space.Cardinalities.SelectMany((cardinality, gene) => Enumerable.Range(0, cardinality).Select(option => (gene, option))).ToArray();
        round.Random.Shuffle(changes.AsSpan());
        return from change in changes
               from genome in front
               where genome.Genes[change.gene] != change.option
               select space.Canonicalise(new Genome(genome.Genes.SetItem(change.gene, change.option)));
    }

    private static List<PredictedGenome> Choose(
        Round round, ImmutableArray<GaussianProcess?> processes, OneHotEncoding encoding, PredictedGenome[] candidates, int count)
    {
        var samples = new Samples(encoding, [.. candidates.Select(c => c.Genome)]);
        var posteriors = processes.Select(p => p?.Over(samples)).ToArray();
        var front = HypervolumeSelection.Front(round.Told);
        var reference = ReferencePoint.Of([.. front, .. candidates.Select(c => c.Predicted.Objectives)]);
        front.RemoveAll(p => !ReferencePoint.IsBeyond(p, reference));
        var left = Enumerable.Range(0, candidates.Length).ToList();
        var chosen = new List<PredictedGenome>();
        var deviations = new double[processes.Length];
        while (chosen.Count < count && left.Count > 0)
        {
            var improvement = new ExpectedImprovement(new FreeBoxes(front, reference));
            var (best, most) = (-1, 0.0);
            foreach (var place in left)
            {
                for (var k = 0; k < deviations.Length; k++)
                {
                    deviations[k] = posteriors[k]?.Deviation(place) ?? 0;
                }

                if (improvement.Of(candidates[place].Predicted.Objectives, deviations) is var expected && expected > most)
                {
                    (best, most) = (place, expected);
                }
            }

            if (best < 0)
            {
                break;
            }

            left.Remove(best);
            chosen.Add(candidates[best]);
            foreach (var posterior in posteriors)
            {
                posterior?.Believe(best);
            }

            var believed = candidates[best].Predicted.Objectives;
            if (ReferencePoint.IsBeyond(believed, reference) && !front.Exists(p => Dominance.WeaklyDominates(p, believed)))
            {
                front.RemoveAll(p => Dominance.Dominates(believed, p));
                front.Add(believed);
            }
        }

        return chosen;
    }
}
