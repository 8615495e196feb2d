using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.Specification;
using NasCluster.Core.Storage;
using NasCluster.Core.SuperNetworks;
using NasCluster.Grains.Searches;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Silo.Evaluation;

/// <inheritdoc cref="IRunnableSearches"/>
internal sealed class RunnableSearches(IContentStore contents) : IRunnableSearches
{
    public IRunnableSearch Read(string prepared) => new RunnableSearch(PreparedRun.FromJson(prepared, StoredSpecification.Read));

    public async Task<IRunnableSearch> OpenAsync(string prepared, CancellationToken cancellation) =>
        new RunnableSearch(await StoredRuns.OpenAsync(prepared, contents, cancellation));

    private sealed class RunnableSearch(PreparedRun run) : IRunnableSearch
    {
        public ImmutableArray<Objective> Objectives => run.Objectives;

        public long EvaluationCount => run.EvaluationCount;

        public string SuperNetwork => run.Search.Network.ScoringIdentity;

        public ImmutableSortedDictionary<string, string> Provenance => run.Search.Provenance;

        public LlamaConfiguration Configuration => run.Search.Network.Configuration;

        public RunnableStage? NextStage => Of(PreparedStage.NextOf(run.Search));

        public MeasuredOrders? Orders => run.Search.Plan.MeasuredOrders;

        public bool IsRepeatable => !run.IsMeasured;

        public ISearch CreateSearch(SearchSnapshot? snapshot) => run.CreateSearch(snapshot);

        public string After(string content) => PreparedRun.Of(run.Search.After(content)).ToJson();

        public RunnableStage? LastStage(IReadOnlyList<OutcomeRecord> outcomes) =>
            run.Part == SearchPart.Search ? Of(PreparedStage.LastOf(run.Search, outcomes)) : null;

        public EvaluationKey KeyOf(Genome genome) => run.KeyOf(genome);

        public string? PrepareReport(IEnumerable<Genome> front) =>
            run.Part == SearchPart.Search && run.Search.HasReport ? PreparedRun.OfReport(run.Search, front.Append(run.Search.Plan.WholeGenome)).ToJson() : null;

        private static RunnableStage? Of(PreparedStage? stage) => stage is null ? null : new RunnableStage(Words.Of(stage.Stage), stage.ToJson());
    }
}
