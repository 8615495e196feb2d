namespace NasCluster.Evaluation.Tests.Tasks.Golden;

/// <summary>What the evaluation harness marks a document by; what its kind of task does not have is null.</summary>
/// <param name="Gold">Which choice is right.</param>
/// <param name="Characters">Each choice's length in characters.</param>
/// <param name="Bytes">Each choice's or the text's length in bytes.</param>
/// <param name="IsTrue">Which choices are true.</param>
/// <param name="Words">The text's words.</param>
public sealed record GoldenMark(int? Gold, int[]? Characters, int[]? Bytes, bool[]? IsTrue, int? Words);
