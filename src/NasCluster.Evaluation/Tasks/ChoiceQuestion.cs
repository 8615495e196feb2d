using System.Collections.Immutable;

namespace NasCluster.Evaluation.Tasks;

/// <summary>A question with several answers to choose from.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Stem">The question.</param>
/// <param name="Choices">The answers' texts, at least two.</param>
/// <param name="Answer">Which is right, from 0.</param>
public sealed record ChoiceQuestion(int Line, string Stem, ImmutableArray<string> Choices, int Answer);
