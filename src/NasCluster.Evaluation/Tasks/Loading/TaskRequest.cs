namespace NasCluster.Evaluation.Tasks.Loading;

/// <summary>Which task is to be read, from where, and how much of it.</summary>
/// <param name="Task">Its name in <see cref="Definitions.TaskCatalog"/>.</param>
/// <param name="Path">The folder its files lie in, or the one above; or the file that is evaluated.</param>
public sealed record TaskRequest(string Task, string Path)
{
    /// <summary>The seed the evaluation harness draws examples with.</summary>
    public const long DefaultSeed = 1234;

    /// <summary>How many worked examples stand before each question.</summary>
    public int Shots { get; init; }

    /// <summary>At most this many documents, the first ones; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>What the examples are drawn with.</summary>
    public long Seed { get; init; } = DefaultSeed;

    /// <summary>Whether the tokenizer's beginning mark, if it has one, is put before what is encoded.</summary>
    public bool UseBeginningMark { get; init; } = true;
}
