namespace NasCluster.Core.Specification;

/// <summary>A task to score sub-networks on: a file of questions in ARC's layout, or a task of the evaluation harness.</summary>
/// <param name="Name">Its name, which is also the objective of its accuracy; with <c>_norm</c> added, of its length-normalised accuracy.</param>
/// <param name="Path">A file of questions in ARC's layout, one JSON object a line; of a harness task, the folder its files lie in, or the file itself.</param>
public sealed record TaskSpec(string Name, string Path)
{
    /// <summary>The harness's name for it, which decides layout, prompts and metrics; null for a file in ARC's layout, normalised by bytes.</summary>
    public string? Task { get; init; }

    /// <summary>How many worked examples stand before each question of a harness task.</summary>
    public int Shots { get; init; }

    /// <summary>At most so many documents of a harness task are read, search and report part together (of each subject, where it has several); null for all.</summary>
    public int? Limit { get; init; }
}
