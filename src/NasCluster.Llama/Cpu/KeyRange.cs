namespace NasCluster.Llama.Cpu;

/// <summary>Keys that are neighbours in rows and in their sequence.</summary>
/// <param name="Row">Row of the first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct KeyRange(int Row, int Count);
