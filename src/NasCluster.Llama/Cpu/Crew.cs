namespace NasCluster.Llama.Cpu;

/// <summary>The threads that compute a batch together, with what, and their output head.</summary>
internal sealed record Crew(CpuKernels Kernels, Workers Workers, OutputHead Head);
