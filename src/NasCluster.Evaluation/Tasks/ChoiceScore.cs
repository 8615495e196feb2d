using NasCluster.Core.Search;

namespace NasCluster.Evaluation.Tasks;

/// <summary>How often a sub-network chooses right, as shares of 1 with binomial standard errors.</summary>
/// <param name="Accuracy">Choosing the most likely answer.</param>
/// <param name="NormalisedAccuracy">Choosing the answer most likely per byte of its UTF-8 text, so that long answers are not at a disadvantage.</param>
public sealed record ChoiceScore(ObjectiveValue Accuracy, ObjectiveValue NormalisedAccuracy);
