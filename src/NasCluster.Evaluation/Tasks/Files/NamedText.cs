namespace NasCluster.Evaluation.Tasks.Files;

/// <summary>What stands in a file, and what the file is called in messages.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Source">Its name.</param>
public readonly record struct NamedText(string Text, string Source);
