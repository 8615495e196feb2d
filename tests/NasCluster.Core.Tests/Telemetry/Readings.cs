using System.Diagnostics.Metrics;
using System.Globalization;

namespace NasCluster.Core.Tests.Telemetry;

/// <summary>Collects what the instruments of one meter report.</summary>
internal sealed class Readings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<string> _all = [];

    internal Readings(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                Instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value.ToString(CultureInfo.InvariantCulture), tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, value.ToString(CultureInfo.InvariantCulture), tags));
        _listener.Start();
    }

    internal List<Instrument> Instruments { get; } = [];

    /// <summary>What was reported since the last call, gauges included, one line a value: name, tags, value.</summary>
    internal string[] Take()
    {
        _listener.RecordObservableInstruments();
        lock (_lock)
        {
            string[] taken = [.. _all];
            _all.Clear();
            return taken;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var line = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))} {value}";
        lock (_lock)
        {
            _all.Add(line);
        }
    }
}
