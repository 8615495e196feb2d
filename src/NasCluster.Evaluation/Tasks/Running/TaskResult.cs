using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Scoring;

namespace NasCluster.Evaluation.Tasks.Running;

/// <summary>What evaluating a task came to.</summary>
/// <param name="Set">The task.</param>
/// <param name="Scores">One for each architecture, in the order given.</param>
/// <param name="Tokens">Tokens asked of the engine and computed by it, of what was not kept from before; null where the engine does not count.</param>
/// <param name="KeptRequests">How many requests' likelihoods were kept from before, over all architectures.</param>
public sealed record TaskResult(TaskSet Set, ImmutableArray<TaskScore> Scores, TokenCounts? Tokens, int KeptRequests);
