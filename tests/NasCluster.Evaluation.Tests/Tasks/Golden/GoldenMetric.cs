namespace NasCluster.Evaluation.Tests.Tasks.Golden;

/// <summary>A metric as the evaluation harness computes it.</summary>
/// <param name="Value">Its value.</param>
/// <param name="StandardError">Its standard error, a perplexity's from 1,000 resamples; null where the harness has none.</param>
/// <param name="PerDocument">Each document's value.</param>
/// <param name="Weights">Each document's words or bytes; empty where there are no weights.</param>
public sealed record GoldenMetric(double Value, double? StandardError, double[] PerDocument, double[] Weights);
