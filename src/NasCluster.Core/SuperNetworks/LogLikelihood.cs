using System.Collections.Immutable;

namespace NasCluster.Core.SuperNetworks;

/// <summary>The natural-log likelihood of a request's scored tokens.</summary>
/// <param name="Sum">Sum over the scored tokens, in nats.</param>
/// <param name="IsGreedy">Whether every scored token was the most likely one (lowest id on a tie).</param>
/// <param name="PerToken">Each scored token's own, in nats; empty unless asked for.</param>
public sealed record LogLikelihood(double Sum, bool IsGreedy, ImmutableArray<float> PerToken);
