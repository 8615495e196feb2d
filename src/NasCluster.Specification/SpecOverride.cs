namespace NasCluster.Specification;

/// <summary>A value given outside the file, such as on the command line; it replaces what the file says.</summary>
/// <param name="Key">Path of a key, such as <c>budget.evaluations</c>.</param>
/// <param name="Value">Text as it is for keys that hold text; else YAML, such as <c>200</c> or <c>[3, 4]</c>.</param>
/// <param name="Origin">What the user wrote it after, such as <c>--evaluations</c>, for messages.</param>
public sealed record SpecOverride(string Key, string Value, string Origin);
