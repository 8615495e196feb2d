namespace NasCluster.Core.Telemetry;

/// <summary>What a device holds.</summary>
/// <param name="Bytes">Memory that super-networks take, those being loaded included.</param>
/// <param name="SuperNetworks">Super-networks in memory.</param>
public sealed record DeviceReading(long Bytes, long SuperNetworks);
