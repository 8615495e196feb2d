namespace NasCluster.Core.Telemetry;

/// <summary>The gauges of one search, which show as long as this is not disposed of and something was reported.</summary>
/// <remarks>Safe to report to from any thread.</remarks>
public sealed class SearchGauges : IDisposable
{
    private readonly GaugeSet<SearchGauges> _shown;
    private readonly string _search;
    private volatile SearchReading? _reading;

    internal SearchGauges(GaugeSet<SearchGauges> shown, string search)
    {
        _shown = shown;
        _search = search;
        shown.Add(search, this);
    }

    internal SearchReading? Reading => _reading;

    /// <summary>Says where the search stands now.</summary>
    public void Report(SearchReading reading) => _reading = reading;

    /// <summary>Takes the gauges away: a search that ended elsewhere must not show its last values for ever.</summary>
    public void Dispose() => _shown.Remove(_search, this);
}
