using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Rounds;
using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.Ehvi;

/// <summary>
/// Bayesian optimisation: a Gaussian process for every objective that must be predicted, and rounds of the trials from which the most
/// hypervolume is expected (Emmerich, Giannakoglou and Naujoks 2006), chosen one after the other as if each had its mean for its value.
/// </summary>
/// <remarks>
/// <para>Failed trials are not learned from. Where trials were infeasible, the violation is predicted as LINAS does.</para>
/// <para>
/// The last hundredth of the hypervolume is not its strength: on two made-up networks of 32 layers (the <c>efficiency</c> benchmark) LINAS
/// reached 0.99 of it sooner on one, and on the other this had not reached it after 620 trials.
/// </para>
/// </remarks>
public sealed record EhviOptions : AlgorithmOptions
{
    /// <summary>The most objectives: the space that a front leaves free falls into as many boxes as the power of one less.</summary>
    public const int MostObjectives = 4;

    /// <summary>Random first trials; survivors of the inner search; at least 2.</summary>
    public int PopulationSize { get; init; } = 50;

    /// <summary>Trials of a round after the first, at least 1: the fewer, the better informed is each.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>What is evaluated before there is something to learn from.</summary>
    public SearchStart Start { get; init; } = SearchStart.Random;

    /// <summary>How many genomes a round's inner search on the means predicts, at least the population.</summary>
    public int InnerEvaluations { get; init; } = 2_000;

    /// <summary>The search ends after so many rounds in a row of which no trial came to the front, even if budget is left; null: never.</summary>
    public int? EarlyStopRounds { get; init; }

    /// <summary>The most outcomes processes learn from; of more, those furthest behind the front are left out. Fitting takes the cube of it.</summary>
    public int MostSamples { get; init; } = 500;

    /// <inheritdoc/>
    public override string Algorithm => "ehvi";

    internal override int SnapshotVersion => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Require(PopulationSize >= 2, nameof(PopulationSize), PopulationSize, "be at least 2");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "be at least 1");
        Require(Enum.IsDefined(Start), nameof(Start), Start, "be Random or Knapsack");
        Require(
            InnerEvaluations >= PopulationSize && InnerEvaluations <= SearchOptions.LargestBudget, nameof(InnerEvaluations), InnerEvaluations,
            $"be in [{PopulationSize}, {SearchOptions.LargestBudget}], the population size and the largest budget");
        Require(EarlyStopRounds is null or >= 1, nameof(EarlyStopRounds), EarlyStopRounds ?? 0, "be at least 1");
        Require(MostSamples is >= 10 and <= 5000, nameof(MostSamples), MostSamples, "be in [10, 5000]");
        return problems;

        void Require(bool holds, string name, object value, string rule)
        {
            if (!holds)
            {
                problems.Add(FormattableString.Invariant($"{name} is {value}; it must {rule}."));
            }
        }
    }

    internal override void Describe(StateWriter writer)
    {
        writer.Write(PopulationSize);
        writer.Write(BatchSize);
        writer.Write((int)Start);
        writer.Write(InnerEvaluations);
        writer.Write(EarlyStopRounds ?? -1);
        writer.Write(MostSamples);
    }

    internal override ISearch Create(SearchOptions options, ISearchSpace space)
    {
        var (rounds, proposer) = Parts(options, space);
        return RoundSearch.Start(this, options, space, rounds, proposer);
    }

    internal override ISearch Restore(SearchOptions options, ISearchSpace space, StateReader state)
    {
        var (rounds, proposer) = Parts(options, space);
        return RoundSearch.Read(this, options, space, rounds, proposer, state);
    }

    private (RoundOptions Rounds, IProposer Proposer) Parts(SearchOptions options, ISearchSpace space)
    {
        if (options.Objectives.Length > MostObjectives)
        {
            throw new NasClusterException(
                $"There are {options.Objectives.Length} objectives; ehvi takes at most {MostObjectives}. Name fewer, or search by linas.");
        }

        var rounds = new RoundOptions(PopulationSize, BatchSize, EarlyStopRounds);
        var proposer = new EhviProposer(options, space, new Nsga2Options { PopulationSize = PopulationSize }, InnerEvaluations, MostSamples);
        if (Start == SearchStart.Random)
        {
            return (rounds, proposer);
        }

        var start = new KnapsackStart(options, space);
        return (rounds with { Probes = start.Probes }, new KnapsackProposer(start, proposer));
    }
}
