using NasCluster.Core.Search.BlockScores;
using NasCluster.Core.Search.Nsga2;
using NasCluster.Core.Search.Rounds;
using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.Linas;

/// <summary>
/// LINAS (Cummings and others 2022, arXiv 2205.10358, algorithm 1): rounds of trials that NSGA-II finds best by predictors fitted to
/// everything evaluated before. The settings of LLaMA-NAS (arXiv 2405.18377) are the defaults.
/// </summary>
/// <remarks>
/// <para>Every trial is evaluated, those of the last round too, none twice, and predictions never enter a front.</para>
/// <para>Failed trials are not learned from. Where trials were infeasible, the violation is predicted like an objective.</para>
/// </remarks>
public sealed record LinasOptions : AlgorithmOptions
{
    /// <summary>Survivors of the inner search, and random first trials; at least 2.</summary>
    public int PopulationSize { get; init; } = 50;

    /// <summary>Trials of a round after the first, at least 1; null, as published: as many as the population.</summary>
    public int? BatchSize { get; init; }

    /// <summary>What is evaluated before predictors have something to learn from.</summary>
    public SearchStart Start { get; init; } = SearchStart.Random;

    /// <summary>How many genomes a round's inner search predicts, at least the population.</summary>
    public int InnerEvaluations { get; init; } = 10_000;

    /// <summary>
    /// The search ends after so many rounds in a row of which no trial came to the front, even if budget is left; null: never.
    /// It is finished then, though fewer trials were created than the budget has.
    /// </summary>
    public int? EarlyStopRounds { get; init; }

    /// <summary>The most outcomes predictors learn from; of more, those furthest behind the front are left out. Fitting takes the cube of it.</summary>
    public int MostSamples { get; init; } = 500;

    /// <summary>How the inner search breeds; its population size is <see cref="PopulationSize"/>, and it goes by generations.</summary>
    public Nsga2Options Inner { get; init; } = new();

    /// <inheritdoc/>
    public override string Algorithm => "linas";

    internal override int SnapshotVersion => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Require(PopulationSize >= 2, nameof(PopulationSize), PopulationSize, "be at least 2");
        Require(BatchSize is null or >= 1, nameof(BatchSize), BatchSize ?? 0, "be at least 1");
        Require(Enum.IsDefined(Start), nameof(Start), Start, "be Random or Knapsack");
        Require(
            InnerEvaluations >= PopulationSize && InnerEvaluations <= SearchOptions.LargestBudget, nameof(InnerEvaluations), InnerEvaluations,
            $"be in [{PopulationSize}, {SearchOptions.LargestBudget}], the population size and the largest budget");
        Require(EarlyStopRounds is null or >= 1, nameof(EarlyStopRounds), EarlyStopRounds ?? 0, "be at least 1");
        Require(MostSamples is >= 10 and <= 5000, nameof(MostSamples), MostSamples, "be in [10, 5000]");
        Require(Inner.Mode == Nsga2Mode.Generational, $"{nameof(Inner)}.{nameof(Inner.Mode)}", Inner.Mode, "be Generational");
        Require(Inner.Start == SearchStart.Random, $"{nameof(Inner)}.{nameof(Inner.Start)}", Inner.Start, "be Random");
        problems.AddRange(InnerSettings.Problems().Select(problem => $"{nameof(Inner)}: {problem}"));
        return problems;

        void Require(bool holds, string name, object value, string rule)
        {
            if (!holds)
            {
                problems.Add(FormattableString.Invariant($"{name} is {value}; it must {rule}."));
            }
        }
    }

    private Nsga2Options InnerSettings => Inner with { PopulationSize = PopulationSize };

    internal override void Describe(StateWriter writer)
    {
        writer.Write(BatchSize ?? PopulationSize);
        writer.Write((int)Start);
        writer.Write(InnerEvaluations);
        writer.Write(EarlyStopRounds ?? -1);
        writer.Write(MostSamples);
        InnerSettings.Describe(writer);
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
        var rounds = new RoundOptions(PopulationSize, BatchSize ?? PopulationSize, EarlyStopRounds);
        var proposer = new LinasProposer(options, space, InnerSettings, InnerEvaluations, MostSamples);
        if (Start == SearchStart.Random)
        {
            return (rounds, proposer);
        }

        var start = new KnapsackStart(options, space);
        return (rounds with { Probes = start.Probes }, new KnapsackProposer(start, proposer));
    }
}
