using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;

namespace NasCluster.Pipeline.Prepared;

/// <summary>How a search is evaluated on one super-network and one choice of data: the one way for a process that holds them and one that does not.</summary>
internal sealed class SearchEvaluation
{
    private readonly EvaluationKeys _searchKeys;
    private readonly EvaluationKeys? _reportKeys;
    private readonly EvaluatorOptions _searchOptions;
    private readonly EvaluatorOptions _reportOptions;

    /// <summary>Works out what is evaluated on either part.</summary>
    /// <param name="plan">The search.</param>
    /// <param name="network">The super-network.</param>
    /// <param name="search">The data that the search sees.</param>
    /// <param name="report">The data kept apart.</param>
    /// <param name="treatment">What is done to sub-networks before; see <see cref="EvaluatorOptions.Treatment"/>.</param>
    /// <exception cref="NasClusterException">An objective needs data that is not there.</exception>
    internal SearchEvaluation(SearchPlan plan, SuperNetworkInfo network, EvaluationSetsIdentity search, EvaluationSetsIdentity? report, string? treatment = null)
    {
        Network = network;
        SearchSets = search;
        ReportSets = report;
        _searchOptions = EvaluatorOptions.From(plan.Spec, plan.Configuration, plan.Table) with { Treatment = treatment };

        _reportOptions = ScoresOf(_searchOptions);
        _searchKeys = new EvaluationKeys(network, _searchOptions, search);
        _reportKeys = report is null || _reportOptions.Objectives.IsEmpty ? null : new EvaluationKeys(network, _reportOptions, report);
    }

    internal SuperNetworkInfo Network { get; }

    internal EvaluationSetsIdentity SearchSets { get; }

    internal EvaluationSetsIdentity? ReportSets { get; }

    /// <summary>Whether anything is scored on a part kept apart.</summary>
    internal bool HasReport => _reportKeys is not null;

    internal EvaluatorOptions OptionsOf(SearchPart part) => part == SearchPart.Search ? _searchOptions : _reportOptions;

    internal EvaluationKeys KeysOf(SearchPart part) => part == SearchPart.Search ? _searchKeys : _reportKeys ?? throw NoReport();

    internal SuperNetworkEvaluator Open(ISuperNetwork network, EvaluationSets sets, DeviceGate gate, SearchPart part, TimeProvider time)
    {
        Check(network.Info);
        CheckSets(sets.Identity, part);
        return new SuperNetworkEvaluator(network, OptionsOf(part), sets, gate, time);
    }

    /// <summary>An evaluator of the scored objectives of a specification, on whatever network.</summary>
    internal static SuperNetworkEvaluator OpenScores(SearchSpec spec, ISuperNetwork network, EvaluationSets sets, DeviceGate gate, TimeProvider time) =>
        new(network, ScoresOf(EvaluatorOptions.From(spec, network.Info.Configuration)), sets, gate, time);

    /// <summary>Fails unless sets are those of a part.</summary>
    internal void CheckSets(EvaluationSetsIdentity found, SearchPart part)
    {
        var wanted = part == SearchPart.Search ? SearchSets : HasReport ? ReportSets! : throw NoReport();
        if (!wanted.Equals(found))
        {
            throw new NasClusterException($"The evaluation sets are not those the {SearchProvenance.NameOf(part)} part of the search was prepared with: {Difference(wanted, found)}.");
        }
    }

    /// <summary>Fails unless a super-network gives the results that the search was prepared for.</summary>
    internal void Check(SuperNetworkInfo found)
    {
        Require("fingerprint", Network.Fingerprint, found.Fingerprint);
        Require("configuration", Network.Configuration.ToJson(), found.Configuration.ToJson());
        Require("precision", Network.Precision, found.Precision);
        Require("numerics version", Network.NumericsVersion, found.NumericsVersion);

        // Also where nothing is measured: engines on a GPU give the same bits on one kind of device only.
        Require("device", Network.Device, found.Device);

        static void Require(string what, string wanted, string found)
        {
            if (wanted != found)
            {
                throw new NasClusterException($"The super-network is not the one the search was prepared for: its {what} is {found}; it must be {wanted}.");
            }
        }
    }

    // Costs are no property of the data, and speed measured again would only show the noise: the report is of scores.
    private static EvaluatorOptions ScoresOf(EvaluatorOptions options) =>
        options with { Objectives = [.. options.Objectives.Where(o => o.Kind == ObjectiveKind.Scored)], Constraints = [] };

    private static string Difference(EvaluationSetsIdentity wanted, EvaluationSetsIdentity found)
    {
        if (wanted.Text != found.Text)
        {
            return $"the text has fingerprint {found.Text ?? "none"}; it must be {wanted.Text ?? "none"}";
        }

        return $"the tasks are {List(found)}; they must be {List(wanted)}";

        static string List(EvaluationSetsIdentity sets) => sets.Tasks.IsEmpty ? "none" : string.Join(", ", sets.Tasks.Select(t => $"{t.Name} {t.Fingerprint}"));
    }

    private static InvalidOperationException NoReport() => new("The search has no report part: nothing is kept apart, or nothing is scored.");
}
