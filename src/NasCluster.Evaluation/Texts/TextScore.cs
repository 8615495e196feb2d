using NasCluster.Core.Numerics;
using NasCluster.Core.Search;
using NasCluster.Evaluation.Statistics;

namespace NasCluster.Evaluation.Texts;

/// <summary>How well a sub-network predicts a text.</summary>
/// <param name="LogLikelihood">Mean log-likelihood of the scored tokens, in nats per token, and its standard error.</param>
/// <param name="Perplexity">exp(-mean log-likelihood), and its standard error.</param>
/// <param name="ScoredCount">Tokens scored.</param>
public sealed record TextScore(ObjectiveValue LogLikelihood, ObjectiveValue Perplexity, int ScoredCount)
{
    internal static TextScore Of(double sum, ReadOnlySpan<float> perToken)
    {
        var mean = sum / perToken.Length;
        var errors = BlockBootstrap.Estimate(perToken);
        return new TextScore(new(mean, errors.Mean), new(PortableExp.Of(-mean), errors.Perplexity), perToken.Length);
    }
}
