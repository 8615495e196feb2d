using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Engines;
using NasCluster.Llama.Repair;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Pipeline.Pruning;

/// <summary>The stage after a search with one size in mind: the best network that is no larger is cut out and repaired, and scored at every step.</summary>
public sealed class PrunedStage : IDisposable
{
    private readonly LlamaCheckpoint _cut;

    private PrunedStage(SearchSpec spec, TrialId trial, Architecture architecture, LlamaCheckpoint cut)
    {
        Spec = spec;
        Trial = trial;
        Architecture = architecture;
        _cut = cut;
        Checkpoint = cut;
    }

    /// <summary>The network: repaired, unless the specification asks for no repair. It lives as long as this and the whole network.</summary>
    public LlamaCheckpoint Checkpoint { get; private set; }

    /// <summary>The whole network, what was cut out of it, and the same repaired.</summary>
    public ImmutableArray<PrunedRow> Rows { get; private set; } = [];

    private SearchSpec Spec { get; }

    private TrialId Trial { get; }

    private Architecture Architecture { get; }

    private ImmutableArray<LayerRepair> Layers { get; set; } = [];

    /// <summary>Carries it out.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="trial">Which trial is cut out; see <see cref="PrunedChoice"/>.</param>
    /// <param name="architecture">What stays.</param>
    /// <param name="checkpoint">The whole network; it must outlive the result.</param>
    /// <param name="network">The same, as an engine holds it.</param>
    /// <param name="calibration">Gives the calibration part; called only where there is something to repair.</param>
    /// <param name="openEvaluator">Opens the evaluator of the scored objectives on a part of the data; null for a part that is not there.</param>
    /// <param name="engine">What the networks are scored with.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NasClusterException">It cannot be repaired or scored.</exception>
    public static PrunedStage CarryOut(
        SearchSpec spec, TrialId trial, Architecture architecture, LlamaCheckpoint checkpoint, ISuperNetwork network, Func<TextSet> calibration,
        Func<ISuperNetwork, SearchPart, IEvaluator?> openEvaluator, ILlamaEngine engine, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(openEvaluator);
        var whole = Row("whole", network, openEvaluator, cancellation);
        var stage = new PrunedStage(spec, trial, architecture, SubNetworkCheckpoint.Extract(checkpoint, architecture));
        try
        {
            stage.Rows = [whole, stage.Score("cut", openEvaluator, engine, cancellation)];
            if (spec.Pruning.Repair != RepairName.None)
            {
                var repaired = RepairStage.Repair(checkpoint, architecture, spec.Pruning, calibration(), engine.Cpu, cancellation);
                stage.Layers = repaired.Layers;
                stage.Checkpoint = repaired.Checkpoint;
                stage.Rows = stage.Rows.Add(stage.Score("repaired", openEvaluator, engine, cancellation));
            }

            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }

    /// <summary>What was done, for the record of the run.</summary>
    /// <param name="time">Time taken.</param>
    public JsonObject ToJson(TimeSpan time) => new()
    {
        ["trial"] = Trial.Value,
        ["architecture"] = JsonNode.Parse(ArchitectureJson.Write(Architecture)),
        ["repair"] = Words.Of(Spec.Pruning.Repair),
        ["networks"] = new JsonArray([.. Rows.Select(r => (JsonNode)r.ToJson())]),
        ["layers"] = new JsonArray([.. Layers.Select(l => (JsonNode)new JsonObject
        {
            ["layer"] = l.SourceLayer,
            ["o_proj"] = Projection(l.Output),
            ["down_proj"] = Projection(l.Down),
        })]),
        ["seconds"] = StageRecords.Seconds(time),
    };

    /// <inheritdoc/>
    public void Dispose() => _cut.Dispose();

    private static JsonObject? Projection(ProjectionRepair? repair) => repair is null ? null : new JsonObject
    {
        ["channels"] = repair.Channels,
        ["kept"] = repair.Kept,
        ["dead"] = repair.DeadChannels,
        ["tokens"] = repair.Tokens,
        ["damping"] = repair.Damping,
        ["error_before"] = repair.ErrorBefore,
        ["error_after"] = repair.ErrorAfter,
    };

    private PrunedRow Score(string name, Func<ISuperNetwork, SearchPart, IEvaluator?> openEvaluator, ILlamaEngine engine, CancellationToken cancellation)
    {
        using var network = engine.Load(Checkpoint);
        return Row(name, network, openEvaluator, cancellation);
    }

    private static PrunedRow Row(string name, ISuperNetwork network, Func<ISuperNetwork, SearchPart, IEvaluator?> openEvaluator, CancellationToken cancellation)
    {
        var configuration = network.Info.Configuration;
        return new PrunedRow(
            name, CostModel.Parameters(configuration), CostModel.BlockParameters(configuration), Score(SearchPart.Search), Score(SearchPart.Report));

        ImmutableArray<(Objective Objective, ObjectiveValue Value)> Score(SearchPart part)
        {
            using var evaluator = openEvaluator(network, part);
            if (evaluator is null)
            {
                return [];
            }

            var outcome = evaluator.Evaluate([configuration.FullArchitecture], null, cancellation)[0];
            return outcome.IsSuccess
                ? [.. evaluator.Objectives.Zip(outcome.Values)]
                : throw new NasClusterException($"The {name} network cannot be scored: {outcome.Failure}");
        }
    }
}
