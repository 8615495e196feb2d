using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements;

/// <summary>The speed of sub-networks: measured on each, cut out, with the device held alone; or predicted from a table.</summary>
internal sealed class SubNetworkSpeed
{
    private readonly ISuperNetwork _network;
    private readonly EvaluatorOptions _options;
    private readonly Needs _needs;
    private readonly DeviceGate _gate;
    private readonly TimeProvider _time;

    /// <summary>Prepares it.</summary>
    /// <param name="network">The super-network.</param>
    /// <param name="options">How speed comes about.</param>
    /// <param name="needs">Which values are needed; one of speed at least.</param>
    /// <param name="gate">The device's gate.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="NasClusterException">The engine cannot do what is to be measured, or the table is of something else.</exception>
    internal SubNetworkSpeed(ISuperNetwork network, EvaluatorOptions options, Needs needs, DeviceGate gate, TimeProvider time)
    {
        _network = network;
        _options = options;
        _needs = needs;
        _gate = gate;
        _time = time;
        if (options.Table is null)
        {
            CheckEngine();
        }
    }

    /// <summary>Adds the values that are needed of a sub-network's speed.</summary>
    /// <exception cref="NasClusterException">It cannot be measured, or the table does not cover it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal void Add(Dictionary<string, ObjectiveValue> values, Architecture architecture, CancellationToken cancellation)
    {
        if (_options.Table is not null)
        {
            var shape = _network.Info.Configuration.Extract(architecture);
            foreach (var needed in _needs.Values.Where(v => v.Kind == ObjectiveKind.Measured))
            {
                values[needed.Name] = PredictedSpeed.Of(needed.Name, _options, shape);
            }

            return;
        }

        // Cutting the network out is work too, and would disturb a measurement beside it.
        ISuperNetwork extracted;
        using (_gate.Share(cancellation))
        {
            extracted = ((IExtraction)_network).Extract(architecture);
        }

        using (extracted)
        using (_gate.Exclude(cancellation))
        {
            if (_needs.HasScoringSpeed)
            {
                var speed = SpeedMeasurement.Take(extracted, _options.Measurement, _time, cancellation);
                Put(speed, ObjectiveCatalog.LatencyMs, ObjectiveCatalog.TokensPerSecond);
            }

            if (_needs.HasDecodingSpeed)
            {
                var (prefill, decode) = SpeedMeasurement.TakeDecoding(extracted, _options.Measurement, _time, cancellation);
                Put(prefill, ObjectiveCatalog.PrefillMs, ObjectiveCatalog.PrefillTokensPerSecond);
                Put(decode, ObjectiveCatalog.DecodeMs, ObjectiveCatalog.DecodeTokensPerSecond);
            }
        }

        void Put(SpeedMeasurement speed, Objective latency, Objective throughput)
        {
            values[latency.Name] = speed.LatencyMs;
            values[throughput.Name] = speed.TokensPerSecond;
        }
    }

    private void CheckEngine()
    {
        if (_network is not IExtraction)
        {
            throw new NasClusterException(
                $"{_needs.Values.First(v => v.Kind == ObjectiveKind.Measured).Name} is measured on an extracted sub-network, which this engine cannot extract.");
        }

        if (_needs.HasDecodingSpeed && _network is not IDecoding)
        {
            throw new NasClusterException(
                $"{_needs.Values.First(v => ObjectiveCatalog.NeedsDecoding(v.Name)).Name} needs an engine that decodes token by token, which the one on {_network.Info.Device} does not.");
        }
    }
}
