using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;
using NasCluster.Grains.Searches;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Silo.Evaluation;

/// <inheritdoc cref="IRunnableSearches"/>
internal sealed class RunnableSearches : IRunnableSearches
{
    public IRunnableSearch Read(string prepared) => new RunnableSearch(PreparedSearch.FromJson(prepared, StoredSpecification.Read));

    private sealed class RunnableSearch(PreparedSearch search) : IRunnableSearch
    {
        public ImmutableArray<Objective> Objectives => search.Plan.Objectives;

        public long EvaluationCount => search.Plan.EvaluationCount;

        public string SuperNetwork => search.Network.Fingerprint;

        public ImmutableSortedDictionary<string, string> Provenance => search.Provenance;

        public LlamaConfiguration Configuration => search.Network.Configuration;

        public bool IsRepeatable => !search.IsMeasured;

        public ISearch CreateSearch(SearchSnapshot? snapshot) => search.Plan.CreateSearch(snapshot);

        public EvaluationKey KeyOf(Genome genome) => search.KeyOf(genome);
    }
}
