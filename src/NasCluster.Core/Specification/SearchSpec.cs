using System.Collections.Immutable;

namespace NasCluster.Core.Specification;

/// <summary>One search, described in full: what a search.yaml holds, with every default filled in.</summary>
/// <remarks>
/// Paths and names stay as written; who reads the files resolves them. Nothing here is checked on construction:
/// <see cref="SearchSpecRules.Check"/> lists every broken rule at once.
/// </remarks>
public sealed record SearchSpec
{
    /// <summary>The checkpoint: a llama2.c <c>.bin</c> file, a Hugging Face directory, or a name the host knows.</summary>
    public string Model { get; init; } = "";

    /// <summary>The tokenizer's file; null for the one beside the model.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>What sub-networks are scored on.</summary>
    public DataSpec Data { get; init; } = new();

    /// <summary>Which sub-networks there are.</summary>
    public SpaceSpec Space { get; init; } = new();

    /// <summary>Names of the objectives, in order; see <see cref="Evaluation.ObjectiveCatalog"/>.</summary>
    public ImmutableArray<string> Objectives { get; init; } = ["perplexity", "parameters"];

    /// <summary>Bounds a sub-network should keep, in the order written.</summary>
    public ImmutableArray<ConstraintSpec> Constraints { get; init; } = [];

    /// <summary>How analytic costs are counted.</summary>
    public CostSpec Costs { get; init; } = new();

    /// <summary>How measured objectives are taken.</summary>
    public MeasurementSpec Measurement { get; init; } = new();

    /// <summary>How the search proposes candidates.</summary>
    public AlgorithmSpec Algorithm { get; init; } = new();

    /// <summary>What is done before and after the search to take channels out without training.</summary>
    public PruningSpec Pruning { get; init; } = new();

    /// <summary>When the search ends.</summary>
    public BudgetSpec Budget { get; init; } = new();

    /// <summary>Seed of every random choice, 0 to 2^53.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public bool Equals(SearchSpec? other) =>
        other is not null && Model == other.Model && Tokenizer == other.Tokenizer && Data == other.Data && Space == other.Space
        && Objectives.AsSpan().SequenceEqual(other.Objectives.AsSpan()) && Constraints.AsSpan().SequenceEqual(other.Constraints.AsSpan())
        && Costs == other.Costs && Measurement == other.Measurement && Algorithm == other.Algorithm && Pruning == other.Pruning && Budget == other.Budget && Seed == other.Seed;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Model, Tokenizer, Data, Objectives.Length, Algorithm, Budget, Seed);
}
