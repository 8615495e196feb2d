namespace NasCluster.Core.Telemetry;

/// <summary>What has gauges at present, by name: the latest of each name, and no more than so many.</summary>
internal sealed class GaugeSet<T>(int most)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, T> _shown = new(StringComparer.Ordinal);

    internal void Add(string name, T gauges)
    {
        lock (_lock)
        {
            if (_shown.Count < most || _shown.ContainsKey(name))
            {
                _shown[name] = gauges;
            }
        }
    }

    internal void Remove(string name, T gauges)
    {
        lock (_lock)
        {
            // One of the same name may have come since, such as a grain activated anew.
            if (_shown.TryGetValue(name, out var shown) && ReferenceEquals(shown, gauges))
            {
                _shown.Remove(name);
            }
        }
    }

    internal KeyValuePair<string, T>[] Shown()
    {
        lock (_lock)
        {
            return [.. _shown.OrderBy(s => s.Key, StringComparer.Ordinal)];
        }
    }
}
