using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>Times of layer options on one class of devices, from which the speed of any network made of them is predicted.</summary>
/// <param name="Model">The super-network it was measured on.</param>
/// <param name="Device">The class of devices.</param>
/// <param name="Measured">When.</param>
/// <param name="Protocol">How.</param>
/// <param name="Knots">The layer options.</param>
/// <param name="Sections">Their times, for each phase, batch and length once.</param>
public sealed record LatencyTable(
    LatencyModel Model, DeviceClass Device, DateTimeOffset Measured, TableProtocol Protocol, LayerKnots Knots, ImmutableArray<LatencySection> Sections)
{
    /// <summary>SHA-256 of all that it says, in lower-case hexadecimal: the identity of its predictions.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(LatencyTableJson.Write(this))));

    /// <summary>Fails unless it is of an engine, number format and device that the table is of.</summary>
    /// <param name="network">What an engine holds.</param>
    /// <exception cref="NasClusterException">It is not; the message says in what.</exception>
    public void CheckEngine(SuperNetworkInfo network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Require("engine", Device.Engine, network.NumericsVersion);
        Require("number format", Device.Precision, network.Precision);
        Require("device", Device.Device, network.Device);
    }

    /// <summary>Fails unless a class of devices is the table's.</summary>
    /// <exception cref="NasClusterException">It is another; the message says in what.</exception>
    public void CheckDevice(DeviceClass here)
    {
        ArgumentNullException.ThrowIfNull(here);
        Require("engine", Device.Engine, here.Engine);
        Require("number format", Device.Precision, here.Precision);
        Require("device", Device.Device, here.Device);
        Require("hardware", Device.Hardware, here.Hardware);
        Require("count of threads", $"{Device.Threads}", $"{here.Threads}");
    }

    /// <summary>Predicts a network's speed.</summary>
    /// <param name="phase">At what.</param>
    /// <param name="protocol">Batch and length, which must be those of a section; in decoding the new tokens, which must be the table's.</param>
    /// <param name="shape">The network, cut out.</param>
    /// <returns>The speed; its standard error is that of the section's check.</returns>
    /// <exception cref="NasClusterException">The table has no such section, or not such layers.</exception>
    public SpeedMeasurement Predict(MeasuredPhase phase, MeasurementProtocol protocol, LlamaConfiguration shape)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        Model.Check(shape);
        var section = Section(phase, protocol);
        var milliseconds = Predict(section, shape);
        return SpeedMeasurement.Of(new ObjectiveValue(milliseconds, milliseconds * section.Check.StandardError), phase, section.Batch, section.Tokens);
    }

    /// <summary>The section of a protocol.</summary>
    /// <exception cref="NasClusterException">There is none; the message says which there are.</exception>
    public LatencySection Section(MeasuredPhase phase, MeasurementProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        if (phase == MeasuredPhase.Decode && protocol.NewTokens != Protocol.NewTokens)
        {
            throw new NasClusterException($"The latency table is of {Protocol.NewTokens} new tokens, and {protocol.NewTokens} are asked for (measurement.new_tokens).");
        }

        return Sections.FirstOrDefault(s => s.Phase == phase && s.Batch == protocol.Batch && s.Tokens == protocol.Tokens)
            ?? throw new NasClusterException(
                $"The latency table has no times of {Name(phase)} for batch {protocol.Batch} and {protocol.Tokens} tokens; it has "
                + $"{string.Join(", ", Sections.Take(8).Select(s => $"{Name(s.Phase)} {s.Batch} x {s.Tokens}"))}{(Sections.Length > 8 ? " and more" : "")}.");
    }

    /// <summary>Milliseconds of a network by one section.</summary>
    internal double Predict(LatencySection section, LlamaConfiguration shape) => Sum(Knots.Weights(shape), section.Times);

    /// <summary>Milliseconds of a network, rounded to far more digits than any error leaves, so that the same layers in another order take as long.</summary>
    internal static double Sum(IEnumerable<double> weights, IEnumerable<double> times) => double.Parse(
        weights.Zip(times, (weight, time) => weight * time).Sum().ToString("E9", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Name(MeasuredPhase phase) => Core.Specification.Words.Of(phase);

    private static void Require(string what, string table, string here)
    {
        if (table != here)
        {
            throw new NasClusterException(
                $"The latency table is of another class of devices: its {what} is {table}, here it is {here}. "
                + "Measure one here with nas latency, or say measurement.table_device: any to search for that device.");
        }
    }
}
