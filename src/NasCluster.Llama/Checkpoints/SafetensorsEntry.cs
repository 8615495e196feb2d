namespace NasCluster.Llama.Checkpoints;

/// <summary>One tensor of a safetensors header.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">The format's name of its element type, such as F32.</param>
/// <param name="Shape">Its dimensions, none negative.</param>
/// <param name="Begin">Its first byte, from the start of the data.</param>
/// <param name="End">The byte behind its last.</param>
internal sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End);
