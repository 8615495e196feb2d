using NasCluster.Evaluation.Tasks.Markings;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>A document of a set: which requests are its, and how they are marked.</summary>
/// <param name="Place">Its file and line or row, for messages.</param>
/// <param name="FirstRequest">Place of its first request in the set.</param>
/// <param name="RequestCount">How many follow: one per choice, or the windows of a text.</param>
/// <param name="Marking">How their likelihoods are marked.</param>
public sealed record ScoredDocument(string Place, int FirstRequest, int RequestCount, TaskMarking Marking);
