using System.Collections.Immutable;
using NasCluster.Core.Search.Snapshots;
using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Core.Search.MaskEvolution;

/// <summary>
/// The evolution of channel masks of Search for Efficient LLMs (arXiv 2409.17372, sections 3.2 and 3.3), with its settings as defaults:
/// from a training-free start, by mutation and crossover, within a hard window of sizes.
/// </summary>
/// <remarks>
/// <para>
/// The space is a <see cref="MaskSpace"/> of rotary pairs, MLP channels and KV groups, any of them, with or without depths; not of whole
/// layers masked one by one. Several objectives are possible: the elite are then the best fronts, and the least crowded of the last of these.
/// </para>
/// <para>
/// A mask mutates constructively: some of the kept channels fall, then omitted ones come in until the share is met. (As printed, a uniformly
/// random mask is accepted when it overlaps the old one by <see cref="Similarity"/>, which above a share of .9 practically never happens.)
/// A child whose size is outside the window is moved into it, channel by channel; one that cannot be is dropped.
/// </para>
/// </remarks>
public sealed record MaskEvolutionOptions : AlgorithmOptions
{
    /// <summary>How much each bit of the space's masks matters; finite. The start keeps the most important of each section.</summary>
    public required ImmutableArray<double> Importance { get; init; }

    /// <summary>Fewest weights in the layers (see <see cref="MaskSpace.BlockParameters"/>).</summary>
    public required long SmallestSize { get; init; }

    /// <summary>Most weights in the layers.</summary>
    public required long LargestSize { get; init; }

    /// <summary>Share of every section that the start keeps, in (0, 1]; the start is then moved into the window.</summary>
    public required double StartShare { get; init; }

    /// <summary>
    /// A mask to begin with at the greatest depth instead of the most important share of every section, such as one that keeps more of
    /// some layers than of others; moved into the window likewise. Empty for none.
    /// </summary>
    public ImmutableArray<bool> StartMask { get; init; } = [];

    /// <summary>Smallest share of its rotary pairs (or KV groups) that a layer may keep, in (0, 1]: gamma_attn.</summary>
    public double SmallestAttentionShare { get; init; } = 0.5;

    /// <summary>Smallest share of its MLP channels that a layer may keep, in (0, 1]: gamma_mlp.</summary>
    public double SmallestMlpShare { get; init; } = 0.1;

    /// <summary>Step of the shares, in (0, 1]: new shares are drawn from 1, 1 - step, 1 - 2 step, ... down to the smallest.</summary>
    public double ShareStep { get; init; } = 0.05;

    /// <summary>Children made by mutating one of the elite, per generation.</summary>
    public int Mutations { get; init; } = 50;

    /// <summary>Children made of two of the elite, per generation.</summary>
    public int Crossovers { get; init; } = 30;

    /// <summary>Children made by strong mutation, as the first generation is made of the start.</summary>
    public int StrongMutations { get; init; } = 20;

    /// <summary>How many of the best so far are parents.</summary>
    public int Elite { get; init; } = 10;

    /// <summary>Probability, per section, that its mask mutates: P_mask.</summary>
    public double MaskProbability { get; init; } = 0.3;

    /// <summary>Probability, per section, that its share is drawn anew: P_ratio.</summary>
    public double ShareProbability { get; init; } = 0.1;

    /// <summary>Probability that the depth is drawn anew: P_depth.</summary>
    public double DepthProbability { get; init; } = 0.1;

    /// <summary>P_mask in the first generation and in strong mutations.</summary>
    public double StrongMaskProbability { get; init; } = 0.6;

    /// <summary>P_ratio in the first generation and in strong mutations.</summary>
    public double StrongShareProbability { get; init; } = 0.3;

    /// <summary>Least share of a section's kept channels that a mutation of its mask keeps, in [0, 1]: alpha.</summary>
    public double Similarity { get; init; } = 0.8;

    /// <summary>
    /// Of so many channels drawn, a mutation drops the least and adds the most important; at least 1, which is the paper's uniform choice.
    /// Our addition.
    /// </summary>
    public int Tournament { get; init; } = 1;

    /// <summary>How many children in a row may be known or outside the window before the search gives up.</summary>
    public int Tries { get; init; } = 1000;

    /// <inheritdoc/>
    public override string Algorithm => "mask_evolution";

    /// <summary>Trials of a generation.</summary>
    public int GenerationSize => Mutations + Crossovers + StrongMutations;

    internal override int SnapshotVersion => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        RequireShare(nameof(StartShare), StartShare);
        RequireShare(nameof(SmallestAttentionShare), SmallestAttentionShare);
        RequireShare(nameof(SmallestMlpShare), SmallestMlpShare);
        RequireShare(nameof(ShareStep), ShareStep);
        RequireProbability(nameof(MaskProbability), MaskProbability);
        RequireProbability(nameof(ShareProbability), ShareProbability);
        RequireProbability(nameof(DepthProbability), DepthProbability);
        RequireProbability(nameof(StrongMaskProbability), StrongMaskProbability);
        RequireProbability(nameof(StrongShareProbability), StrongShareProbability);
        RequireProbability(nameof(Similarity), Similarity);
        RequireCount(nameof(Mutations), Mutations, 0);
        RequireCount(nameof(Crossovers), Crossovers, 0);
        RequireCount(nameof(StrongMutations), StrongMutations, 0);
        RequireCount(nameof(Elite), Elite, 1);
        RequireCount(nameof(Tournament), Tournament, 1);
        RequireCount(nameof(Tries), Tries, 1);
        Require(Mutations >= 0 && Crossovers >= 0 && StrongMutations >= 0 && GenerationSize < 1, "A generation has no children; Mutations, Crossovers and StrongMutations must add up to at least 1.");
        Require(SmallestSize < 0 || SmallestSize > LargestSize, $"The sizes allowed are {SmallestSize} to {LargestSize}; they must ascend from 0 or more.");
        Require(Importance.IsDefault || !Importance.All(double.IsFinite), "Importance has values that are no finite numbers, or none at all; there must be one for each bit of the space.");
        return problems;

        void Require(bool broken, string problem)
        {
            if (broken)
            {
                problems.Add(problem);
            }
        }

        void RequireShare(string name, double value) => Require(!(value is > 0 and <= 1), FormattableString.Invariant($"{name} is {value}; it must be in (0, 1]."));

        void RequireProbability(string name, double value) => Require(!(value is >= 0 and <= 1), FormattableString.Invariant($"{name} is {value}; it must be in [0, 1]."));

        void RequireCount(string name, int value, int least) => Require(value < least, $"{name} is {value}; it must be at least {least}.");
    }

    internal override void Describe(StateWriter writer)
    {
        writer.Write(Importance.Length);
        foreach (var value in Importance)
        {
            writer.Write(value);
        }

        writer.Write(StartMask.Length);
        foreach (var bit in StartMask)
        {
            writer.Write(bit);
        }

        writer.Write(SmallestSize);
        writer.Write(LargestSize);
        foreach (var number in (double[])[StartShare, SmallestAttentionShare, SmallestMlpShare, ShareStep, MaskProbability, ShareProbability, DepthProbability, StrongMaskProbability, StrongShareProbability, Similarity])
        {
            writer.Write(number);
        }

        foreach (var number in (int[])[Mutations, Crossovers, StrongMutations, Elite, Tournament, Tries])
        {
            writer.Write(number);
        }
    }

    internal override ISearch Create(SearchOptions options, ISearchSpace space) => MaskEvolutionSearch.Start(this, options, MaskSpaceOf(space));

    internal override ISearch Restore(SearchOptions options, ISearchSpace space, StateReader state) =>
        MaskEvolutionSearch.Read(this, options, MaskSpaceOf(space), state);

    private MaskSpace MaskSpaceOf(ISearchSpace space)
    {
        if (space is not MaskSpace masks || masks.Options.Layers)
        {
            throw new NasClusterException("Masks evolve in a space of masks with depths; this space is another.");
        }

        if (!StartMask.IsEmpty && StartMask.Length != masks.BitCount)
        {
            throw new NasClusterException($"StartMask has {StartMask.Length} bits; the space has {masks.BitCount}, and it must have as many or none.");
        }

        return Importance.Length == masks.BitCount
            ? masks
            : throw new NasClusterException($"Importance has {Importance.Length} values; the space has {masks.BitCount} bits, and each needs one.");
    }
}
