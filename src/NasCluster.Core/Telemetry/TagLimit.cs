namespace NasCluster.Core.Telemetry;

/// <summary>Lets so many values of a tag through as they are, and all later ones as one: a series once begun is kept by whatever collects it.</summary>
internal sealed class TagLimit(int most)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    internal string Of(string value)
    {
        lock (_lock)
        {
            return _known.Contains(value) || (_known.Count < most && _known.Add(value)) ? value : MetricTags.Other;
        }
    }
}
