namespace NasCluster.Core.SuperNetworks;

/// <summary>What network an engine holds and how it computes: whatever can change a result is in here.</summary>
/// <param name="Configuration">The full network's shape.</param>
/// <param name="Fingerprint">Hash of the weights and configuration, in lower-case hexadecimal.</param>
/// <param name="Precision">Number format of the arithmetic, such as <c>float32</c>.</param>
/// <param name="Device">Where it runs, such as <c>cpu</c>.</param>
/// <param name="NumericsVersion">Raised whenever the engine's bits change for the same input.</param>
public sealed record SuperNetworkInfo(LlamaConfiguration Configuration, string Fingerprint, string Precision, string Device, string NumericsVersion);
