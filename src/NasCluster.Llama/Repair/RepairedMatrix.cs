namespace NasCluster.Llama.Repair;

/// <summary>A matrix after repair.</summary>
/// <param name="Weights">Row-major [outputs, kept inputs].</param>
/// <param name="Report">What was done, and the bias if there is one.</param>
public sealed record RepairedMatrix(float[] Weights, ProjectionRepair Report);
