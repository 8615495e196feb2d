using System.Collections.Immutable;
using System.Text;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Pipeline.Pruning;

namespace NasCluster.Pipeline.Prepared;

/// <summary>Everything to control a search with, and to evaluate for it, but weights and token ids: those are named by fingerprint and hash.</summary>
/// <remarks>
/// <para>
/// A controller makes the search and its keys from this alone. An evaluator brings the super-network and the stored set files, and is
/// refused unless they are the ones named here. Results are those of a <see cref="LoadedSearch"/>, bit for bit, under the same keys.
/// </para>
/// <para>Immutable, and safe to use from several threads at once.</para>
/// </remarks>
public sealed class PreparedSearch
{
    private readonly SearchEvaluation _evaluation;

    /// <summary>Puts a prepared search together.</summary>
    /// <exception cref="NasClusterException">The parts do not fit each other.</exception>
    internal PreparedSearch(
        SearchSpec spec, string specification, SuperNetworkInfo network, PreparedPart search, PreparedPart? report,
        ImmutableSortedDictionary<string, string> provenance, StageInputs? stages = null, ChannelScores? scores = null, LatencyTable? table = null)
    {
        Stages = stages ?? StageInputs.None;
        Stages.Check(spec);
        foreach (var (name, value) in SearchProvenance.Deciding(network, search.Sets, report?.Sets))
        {
            if (!provenance.TryGetValue(name, out var recorded) || recorded != value)
            {
                throw new NasClusterException($"The prepared search contradicts itself: its provenance does not say of {name} what it is.");
            }
        }

        if (table is not null)
        {
            SpecifiedTable.Check(table, spec, network.Configuration);
            SpecifiedTable.CheckEngine(table, spec, network);
            if (!provenance.TryGetValue(ProvenanceNames.LatencyTable, out var recorded) || recorded != table.Fingerprint)
            {
                throw new NasClusterException("The prepared search contradicts itself: its provenance is of another latency table.");
            }
        }
        else if (SpecifiedTable.IsNeeded(spec))
        {
            throw new NasClusterException("The prepared search contradicts itself: its specification needs a latency table, and there is none.");
        }

        Plan = new SearchPlan(spec, network.Configuration, scores, table);
        Specification = specification;
        Search = search;
        Report = report;
        Provenance = provenance;
        RepairsCandidates = spec.Pruning.Score == ScoredState.Repaired;
        var treatment = RepairsCandidates ? RepairedEvaluator.TreatmentOf(spec.Pruning, Stages.Calibration!.Sets.Text!) : null;
        _evaluation = new SearchEvaluation(Plan, network, search.Sets, report?.Sets, treatment);
    }

    /// <summary>What is searched and how.</summary>
    public SearchPlan Plan { get; }

    /// <summary>The specification.</summary>
    public SearchSpec Spec => Plan.Spec;

    /// <summary>The specification as the host's text, from which <see cref="Spec"/> was read.</summary>
    public string Specification { get; }

    /// <summary>The super-network, and how the engine computes that every evaluator must have.</summary>
    public SuperNetworkInfo Network => _evaluation.Network;

    /// <summary>The data that the search sees.</summary>
    public PreparedPart Search { get; }

    /// <summary>The data kept apart; null when the search sees everything.</summary>
    public PreparedPart? Report { get; }

    /// <summary>Whether there is a report part to score: something is kept apart, and something is scored.</summary>
    public bool HasReport => _evaluation.HasReport;

    /// <summary>What decides the results besides the specification, by name; see <see cref="ProvenanceNames"/>.</summary>
    public ImmutableSortedDictionary<string, string> Provenance { get; }

    /// <summary>What the stages around it begin with, and have left so far.</summary>
    public StageInputs Stages { get; }

    /// <summary>The stage to be carried out next before it can be searched; null when all have been, or there are none.</summary>
    public SearchStage? NextStage => StageSequence.Before(Spec) is var stages && Stages.Done.Length < stages.Length ? stages[Stages.Done.Length] : null;

    /// <summary>Where the scores are stored that the stages have come to, to be given to <see cref="With"/>; null while there are none.</summary>
    public string? Scores => Stages.Done is [.., var last] ? last.Content : null;

    /// <summary>Whether candidates are repaired before they are scored, so that evaluators are opened by <see cref="OpenRepairing"/>.</summary>
    public bool RepairsCandidates { get; }

    /// <summary>Whether outcomes are measured, so that they hold for one device only and should not be remembered across machines.</summary>
    public bool IsMeasured => _evaluation.KeysOf(SearchPart.Search).DependOnDevice;

    /// <summary>The key a trial's outcome is recorded under.</summary>
    public EvaluationKey KeyOf(Genome genome) => _evaluation.KeysOf(SearchPart.Search).KeyOf(Plan.Space.CandidateOf(genome));

    /// <summary>The keys of a part.</summary>
    /// <exception cref="InvalidOperationException">There is no report part; see <see cref="HasReport"/>.</exception>
    public IEvaluationKeys KeysOf(SearchPart part) => _evaluation.KeysOf(part);

    /// <summary>The objectives of a part, in the order of its outcomes' values; on the report part only what is scored.</summary>
    public ImmutableArray<Objective> ObjectivesOf(SearchPart part) => _evaluation.OptionsOf(part).Objectives;

    /// <summary>Fails unless a super-network gives, bit for bit, the results the search was prepared for.</summary>
    /// <exception cref="NasClusterException">It is another network, or an engine or device that computes otherwise; the message says which.</exception>
    public void CheckNetwork(SuperNetworkInfo found) => _evaluation.Check(found);

    /// <summary>Makes an evaluator of one part from a stored set file.</summary>
    /// <param name="network">The super-network; it stays the caller's.</param>
    /// <param name="setFile">The content of <see cref="PreparedPart.Content"/>, read to its end.</param>
    /// <param name="gate">The device's gate, shared by every evaluator on it.</param>
    /// <param name="part">Which part.</param>
    /// <param name="time">The clock of measurements; null for the system's.</param>
    /// <exception cref="NasClusterException">Network or sets are not those the search was prepared with, or the engine cannot do what is asked.</exception>
    /// <exception cref="InvalidOperationException">There is no report part; see <see cref="HasReport"/>.</exception>
    public SuperNetworkEvaluator OpenEvaluator(ISuperNetwork network, Stream setFile, DeviceGate gate, SearchPart part, TimeProvider? time = null)
    {
        _evaluation.Check(network.Info);
        return OpenEvaluator(network, EvaluationSetFile.Read(setFile, $"The set file of the {SearchProvenance.NameOf(part)} part"), gate, part, time);
    }

    /// <summary>Makes an evaluator of one part from sets read already, which several evaluators may share.</summary>
    /// <param name="network">The super-network; it stays the caller's.</param>
    /// <param name="sets">The sets.</param>
    /// <param name="gate">The device's gate, shared by every evaluator on it.</param>
    /// <param name="part">Which part.</param>
    /// <param name="time">The clock of measurements; null for the system's.</param>
    /// <exception cref="NasClusterException">Network or sets are not those the search was prepared with, or the engine cannot do what is asked.</exception>
    /// <exception cref="InvalidOperationException">There is no report part; see <see cref="HasReport"/>.</exception>
    public SuperNetworkEvaluator OpenEvaluator(ISuperNetwork network, EvaluationSets sets, DeviceGate gate, SearchPart part, TimeProvider? time = null) =>
        _evaluation.Open(network, sets, gate, part, time ?? TimeProvider.System);

    /// <summary>Reads a part's set file, and fails unless it holds the sets that the search was prepared with.</summary>
    /// <param name="part">A part of this search's data, or one of <see cref="Stages"/>.</param>
    /// <param name="setFile">The content of <see cref="PreparedPart.Content"/>, read to its end.</param>
    /// <exception cref="NasClusterException">It holds others, or is no set file.</exception>
    public static EvaluationSets ReadSets(PreparedPart part, Stream setFile)
    {
        ArgumentNullException.ThrowIfNull(part);
        var sets = EvaluationSetFile.Read(setFile, $"Content {part.Content}");
        return sets.Identity.Equals(part.Sets) ? sets : throw new NasClusterException($"Content {part.Content} does not hold the sets that the search was prepared with.");
    }

    /// <summary>Makes an evaluator of one part that repairs candidates before it scores them.</summary>
    /// <param name="network">What the super-network is.</param>
    /// <param name="basis">What <see cref="GatherForRepair"/> gave on the same super-network.</param>
    /// <param name="checkpoint">The super-network's weights; they stay the caller's.</param>
    /// <param name="sets">The sets.</param>
    /// <param name="gate">The device's gate, shared by every evaluator on it.</param>
    /// <param name="part">Which part.</param>
    /// <param name="engine">What repaired networks are scored with.</param>
    /// <param name="time">The clock of measurements; null for the system's.</param>
    /// <exception cref="NasClusterException">Network or sets are not those the search was prepared with.</exception>
    public IEvaluator OpenRepairing(
        SuperNetworkInfo network, RepairBasis basis, LlamaCheckpoint checkpoint, EvaluationSets sets, DeviceGate gate, SearchPart part, ILlamaEngine engine,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(basis);
        ArgumentNullException.ThrowIfNull(sets);
        _evaluation.Check(network);
        _evaluation.CheckSets(sets.Identity, part);
        return new RepairedEvaluator(
            network, checkpoint, Spec.Pruning, basis.Calibration, basis.Statistics, _evaluation.OptionsOf(part), sets, engine, gate,
            time ?? TimeProvider.System);
    }

    /// <summary>Gathers once what <see cref="OpenRepairing"/> needs to know of the super-network's activations.</summary>
    /// <param name="checkpoint">The super-network's weights.</param>
    /// <param name="calibration">The sets of <see cref="StageInputs.Calibration"/>.</param>
    /// <param name="engine">How to use the machine; changes no bit.</param>
    /// <param name="cancellation">Gives up between batches.</param>
    /// <exception cref="NasClusterException">There are too few tokens.</exception>
    public RepairBasis GatherForRepair(LlamaCheckpoint checkpoint, EvaluationSets calibration, CpuEngineOptions? engine, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        var text = calibration.Text ?? throw new ArgumentException("There is no calibration part.", nameof(calibration));
        return new RepairBasis(text, RepairStage.Statistics(checkpoint, Spec.Pruning, text, engine, cancellation));
    }

    /// <summary>The same search with the scores that its stages have ended with, without which it cannot be searched.</summary>
    /// <param name="scores">What is stored as <see cref="Scores"/>.</param>
    /// <exception cref="NasClusterException">They are damaged, or of another network.</exception>
    public PreparedSearch With(ReadOnlySpan<byte> scores) => new(
        Spec, Specification, Network, Search, Report, Provenance, Stages, ScoresFile.Read(Encoding.UTF8.GetString(scores), Network.Configuration), Plan.Table);

    /// <summary>The same search after its next stage.</summary>
    /// <param name="content">SHA-256 of the scores that the stage has left.</param>
    /// <exception cref="InvalidOperationException">No stage is left.</exception>
    public PreparedSearch After(string content)
    {
        var stage = NextStage ?? throw new InvalidOperationException("No stage is left to be carried out.");
        return new PreparedSearch(
            Spec, Specification, Network, Search, Report, Provenance, Stages with { Done = Stages.Done.Add(new StageContent(stage, content)) }, table: Plan.Table);
    }

    /// <summary>The prepared search as JSON, on one line.</summary>
    public string ToJson() => PreparedSearchJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote, in this version or an earlier one.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="readSpecification">Reads the host's text of a specification.</param>
    /// <exception cref="NasClusterException">It is something else, of a newer version, or contradicts itself.</exception>
    public static PreparedSearch FromJson(string json, Func<string, SearchSpec> readSpecification) => PreparedSearchJson.Read(json, readSpecification);
}
