using NasCluster.Core.Search.Operators;
using NasCluster.Core.Search.Snapshots;

namespace NasCluster.Core.Search.Nsga2;

/// <summary>
/// NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002) on integer genomes, with the settings of LLaMA-NAS (arXiv 2405.18377) as defaults.
/// </summary>
/// <remarks>
/// No genome is proposed twice: a child that is known is dropped and another pair is mated, see <see cref="DuplicateRetries"/>.
/// An infeasible candidate ranks behind every feasible one, and behind any with a smaller violation.
/// </remarks>
public sealed record Nsga2Options : AlgorithmOptions
{
    /// <summary>When it selects and breeds.</summary>
    public Nsga2Mode Mode { get; init; } = Nsga2Mode.Generational;

    /// <summary>How many candidates survive, and how many children a generation has; at least 2. So many first trials are random.</summary>
    public int PopulationSize { get; init; } = 50;

    /// <summary>What is evaluated before the first children; <see cref="SearchStart.Knapsack"/> needs generations.</summary>
    public SearchStart Start { get; init; } = SearchStart.Random;

    /// <summary>How children are made.</summary>
    public Nsga2Crossover Crossover { get; init; } = Nsga2Crossover.SimulatedBinary;

    /// <summary>Probability, per pair of parents, that they are crossed at all.</summary>
    public double CrossoverProbability { get; init; } = 0.9;

    /// <summary>Probability, per gene of a crossed pair, that the gene takes part.</summary>
    public double CrossoverGeneProbability { get; init; } = 0.5;

    /// <summary>Distribution index of simulated binary crossover; the higher, the nearer to the parents.</summary>
    public double CrossoverEta { get; init; } = 15;

    /// <summary>Probability, per child, that it is mutated at all.</summary>
    public double MutationProbability { get; init; } = 1;

    /// <summary>Probability, per gene of a mutated child, that the gene changes; null: 1 / (number of genes with a choice).</summary>
    public double? MutationGeneProbability { get; init; }

    /// <summary>Distribution index of polynomial mutation; the higher, the smaller the steps.</summary>
    public double MutationEta { get; init; } = 20;

    /// <summary>
    /// Whether a gene that mutates moves at least one step where rounding would leave it. Without this, genes of two or three choices
    /// practically never mutate.
    /// </summary>
    public bool MutationAlwaysMoves { get; init; } = true;

    /// <summary>How many pairs in a row may give known genomes only before a random unknown genome is taken instead.</summary>
    public int DuplicateRetries { get; init; } = 100;

    /// <inheritdoc/>
    public override string Algorithm => "nsga2";

    internal override int SnapshotVersion => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Require(Enum.IsDefined(Mode), nameof(Mode), Mode, "be Generational or SteadyState");
        Require(PopulationSize >= 2, nameof(PopulationSize), PopulationSize, "be at least 2");
        Require(Enum.IsDefined(Start), nameof(Start), Start, "be Random or Knapsack");
        Require(Start != SearchStart.Knapsack || Mode == Nsga2Mode.Generational, nameof(Mode), Mode, "be Generational where Start is Knapsack");
        Require(Enum.IsDefined(Crossover), nameof(Crossover), Crossover, "be SimulatedBinary or Uniform");
        RequireProbability(nameof(CrossoverProbability), CrossoverProbability);
        RequireProbability(nameof(CrossoverGeneProbability), CrossoverGeneProbability);
        RequireEta(nameof(CrossoverEta), CrossoverEta);
        RequireProbability(nameof(MutationProbability), MutationProbability);
        RequireProbability(nameof(MutationGeneProbability), MutationGeneProbability ?? 0);
        RequireEta(nameof(MutationEta), MutationEta);
        Require(DuplicateRetries >= 0, nameof(DuplicateRetries), DuplicateRetries, "not be negative");
        return problems;

        void Require(bool holds, string name, object value, string rule)
        {
            if (!holds)
            {
                problems.Add(FormattableString.Invariant($"{name} is {value}; it must {rule}."));
            }
        }

        void RequireProbability(string name, double value) => Require(value is >= 0 and <= 1, name, value, "be in [0, 1]");

        void RequireEta(string name, double value) => Require(value is >= 0 and <= 1000, name, value, "be in [0, 1000]");
    }

    internal ICrossover CreateCrossover() => Crossover == Nsga2Crossover.Uniform
        ? new UniformCrossover(CrossoverProbability, CrossoverGeneProbability)
        : new SimulatedBinaryCrossover(CrossoverProbability, CrossoverGeneProbability, CrossoverEta);

    internal IMutation CreateMutation() =>
        new PolynomialMutation(MutationProbability, MutationGeneProbability, MutationEta, MutationAlwaysMoves);

    internal override void Describe(StateWriter writer)
    {
        writer.Write((int)Mode);
        writer.Write(PopulationSize);
        writer.Write((int)Crossover);
        writer.Write(CrossoverProbability);
        writer.Write(CrossoverGeneProbability);
        writer.Write(CrossoverEta);
        writer.Write(MutationProbability);
        writer.Write(MutationGeneProbability ?? -1);
        writer.Write(MutationEta);
        writer.Write(MutationAlwaysMoves);
        writer.Write(DuplicateRetries);

        // Later than the rest: a snapshot from before belongs to a search that starts at random.
        if (Start != SearchStart.Random)
        {
            writer.Write((int)Start);
        }
    }

    internal override ISearch Create(SearchOptions options, ISearchSpace space) => Nsga2Search.Start(this, options, space);

    internal override ISearch Restore(SearchOptions options, ISearchSpace space, StateReader state) =>
        Nsga2Search.Read(this, options, space, state);
}
