using NasCluster.Core.Prediction;

namespace NasCluster.Core.Search.Rounds;

/// <summary>What a round is to evaluate.</summary>
/// <param name="Genomes">The genomes.</param>
/// <param name="Fits">How well the objectives were predicted; none where nothing was.</param>
internal sealed record Proposal(IReadOnlyList<Genome> Genomes, IReadOnlyList<PredictorFit> Fits);
