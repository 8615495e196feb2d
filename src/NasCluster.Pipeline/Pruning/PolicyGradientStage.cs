using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Search.PolicyGradient;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Pipeline.Pruning;

/// <summary>The policy gradient of a specification: a search of its own on batches of the calibration part, whose result refines importance.</summary>
public sealed class PolicyGradientStage
{
    private readonly SearchPlan _plan;
    private readonly ChannelScores _scores;
    private readonly PolicyGradientOptions _algorithm;
    private readonly SearchOptions _options;
    private readonly EvaluatorOptions _evaluation;

    /// <summary>Works the stage out.</summary>
    /// <param name="plan">The plan, before there are scores.</param>
    /// <param name="scores">Measured importance, where probabilities begin.</param>
    /// <param name="text">The calibration part, in sequences of the stage's window.</param>
    /// <exception cref="NasClusterException">The specification does not say how much to keep, or the text is too short for a batch.</exception>
    public PolicyGradientStage(SearchPlan plan, ChannelScores scores, TextSet text)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(text);
        var spec = plan.Spec.Pruning.PolicyGradient;
        var batches = text.Requests.Length / spec.Batch;
        if (batches == 0)
        {
            throw new NasClusterException($"The calibration part has {text.Requests.Length} sequences of {spec.Window} tokens; pruning.policy_gradient.batch is {spec.Batch}, so there must be at least as many.");
        }

        _plan = plan;
        _scores = scores;
        var masks = new MaskSpace(plan.Configuration, MasksOf(plan.Spec));
        Space = new SampledMaskSpace(masks, spec.Steps, spec.Samples, batches);
        Objectives = [ObjectiveCatalog.LogLikelihood];
        var (attention, mlp) = MaskShares.Of(masks, plan.Spec.Pruning.Keep ?? throw new NasClusterException("pruning.keep is missing; a policy gradient needs to know how much to keep."));
        _algorithm = new PolicyGradientOptions
        {
            Start = StartOf(masks, scores, attention, mlp, spec.LayerShare),
            AttentionShare = attention,
            MlpShare = mlp,
            LayerShare = spec.LayerShare,
            LearningRate = spec.LearningRate,
            Scaling = spec.Scaling,
        };
        _options = new SearchOptions { Objectives = Objectives, Budget = checked(spec.Steps * spec.Samples), Seed = (ulong)plan.Spec.Seed };
        _evaluation = EvaluatorOptions.From(plan.Spec, plan.Configuration) with { Objectives = Objectives, Constraints = [], BatchWindows = spec.Batch };
        Text = text;
    }

    /// <summary>The masks that are drawn.</summary>
    public SampledMaskSpace Space { get; }

    /// <summary>What outcomes have values of: the log-likelihood of the step's batch.</summary>
    public ImmutableArray<Objective> Objectives { get; }

    /// <summary>How many masks are scored.</summary>
    public long EvaluationCount => _options.Budget;

    private TextSet Text { get; }

    /// <summary>The search: a new one given null, else one restored from a snapshot of the same stage.</summary>
    public ISearch CreateSearch(SearchSnapshot? snapshot) =>
        snapshot is null ? Searches.Create(_algorithm, _options, Space) : Searches.Restore(_algorithm, _options, Space, snapshot);

    /// <summary>Makes the evaluator of masks.</summary>
    /// <param name="network">The whole network; it stays the caller's.</param>
    /// <param name="gate">The device's gate.</param>
    /// <param name="time">The clock.</param>
    public SuperNetworkEvaluator OpenEvaluator(ISuperNetwork network, DeviceGate gate, TimeProvider time) =>
        new(network, _evaluation, new EvaluationSets(Text, []), gate, time);

    /// <summary>What the finished search makes of the importance it began with.</summary>
    /// <param name="search">The search of this stage, at its end.</param>
    public ChannelScores Refine(ISearch search)
    {
        ArgumentNullException.ThrowIfNull(search);
        var result = (IMaskProbabilities)search;
        var isStart = _plan.Spec.Space.Kind == SpaceKind.Masks && !Space.Masks.Options.Layers;
        return _scores.Refined(Space.Masks, result.Probabilities, isStart ? [.. result.HardMask()] : []);
    }

    private static MaskSpaceOptions MasksOf(SearchSpec spec)
    {
        var ofMasks = spec.Space.Kind == SpaceKind.Masks;
        return new MaskSpaceOptions
        {
            Layers = spec.Pruning.PolicyGradient.LayerShare < 1,
            MlpChannels = true,
            HeadPairs = ofMasks ? spec.Space.Attention is AttentionParts.Pairs or AttentionParts.Both : !spec.Space.HeadPairs.IsEmpty,
            KvGroups = ofMasks ? spec.Space.Attention is AttentionParts.Groups or AttentionParts.Both : !spec.Space.KvGroups.IsEmpty,
        };
    }

    // Values of unlike layers are not comparable as they are measured, so each section is standardised on its own and layers begin alike.
    private static ImmutableArray<double> StartOf(MaskSpace masks, ChannelScores scores, double attention, double mlp, double layers)
    {
        var values = scores.Of(masks);
        return [.. masks.Sections.SelectMany(s => StartProbabilities.FromImportance(
            s.Of(values.AsSpan()), s.Part == MaskPart.Layer ? layers : s.Part == MaskPart.MlpChannel ? mlp : attention))];
    }
}
