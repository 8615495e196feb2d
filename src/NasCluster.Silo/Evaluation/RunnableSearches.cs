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
    public IRunnableSearch Read(string prepared) => new RunnableSearch(PreparedRun.FromJson(prepared, StoredSpecification.Read));

    private sealed class RunnableSearch(PreparedRun run) : IRunnableSearch
    {
        public ImmutableArray<Objective> Objectives => run.Objectives;

        public long EvaluationCount => run.EvaluationCount;

        public string SuperNetwork => run.Search.Network.Fingerprint;

        public ImmutableSortedDictionary<string, string> Provenance => run.Search.Provenance;

        public LlamaConfiguration Configuration => run.Search.Network.Configuration;

        public bool IsRepeatable => !run.IsMeasured;

        public ISearch CreateSearch(SearchSnapshot? snapshot) => run.CreateSearch(snapshot);

        public EvaluationKey KeyOf(Genome genome) => run.KeyOf(genome);

        public string? PrepareReport(IEnumerable<Genome> front) =>
            run.Part == SearchPart.Search && run.Search.HasReport ? PreparedRun.OfReport(run.Search, front.Append(run.Search.Plan.WholeGenome)).ToJson() : null;
    }
}
