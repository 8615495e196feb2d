using NasCluster.Evaluation;

namespace NasCluster.Pipeline.Prepared;

/// <summary>One part of a prepared search's data: where it is stored, and what it is.</summary>
/// <param name="Content">SHA-256 of its <see cref="EvaluationSetFile"/>, in lower-case hexadecimal.</param>
/// <param name="Sets">The sets in that file.</param>
public sealed record PreparedPart(string Content, EvaluationSetsIdentity Sets);
