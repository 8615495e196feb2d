namespace NasCluster.Pipeline.Training;

/// <summary>How often a training looks up from its work.</summary>
/// <param name="ReportEvery">Steps from a point of the curves to the next; a part of what the result depends on only through the curves.</param>
/// <param name="SaveEvery">Steps from a saved state to the next.</param>
public sealed record TrainingCadence(long ReportEvery, long SaveEvery);
