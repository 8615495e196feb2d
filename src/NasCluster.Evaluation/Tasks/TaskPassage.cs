namespace NasCluster.Evaluation.Tasks;

/// <summary>A context and what a network is to say of going on with it.</summary>
/// <param name="Context">What stands before; empty for a text that is scored whole.</param>
/// <param name="Continuation">What is scored, with the blank before it if there is one.</param>
public readonly record struct TaskPassage(string Context, string Continuation);
