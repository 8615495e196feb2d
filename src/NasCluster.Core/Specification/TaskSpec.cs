namespace NasCluster.Core.Specification;

/// <summary>A multiple-choice task.</summary>
/// <param name="Name">Its name, which is also the objective of its accuracy; with <c>_norm</c> added, of its length-normalised accuracy.</param>
/// <param name="Path">A file of questions in ARC's layout, one JSON object a line.</param>
public sealed record TaskSpec(string Name, string Path);
