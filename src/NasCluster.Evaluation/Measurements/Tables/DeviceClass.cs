using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>What decides how fast a network of one shape is: the latencies of one class stand for all machines of it.</summary>
/// <param name="Engine">The engine and its version, as <see cref="SuperNetworkInfo.NumericsVersion"/>.</param>
/// <param name="Precision">Number format of its arithmetic.</param>
/// <param name="Device">Where it computes, such as <c>cpu</c> or <c>cuda:0</c>.</param>
/// <param name="Hardware">What the processor or the card calls itself.</param>
/// <param name="Threads">Processors that one call may use.</param>
public sealed record DeviceClass(string Engine, string Precision, string Device, string Hardware, int Threads)
{
    /// <summary>The class of a network that an engine holds.</summary>
    public static DeviceClass Of(SuperNetworkInfo network, string hardware, int threads)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new DeviceClass(network.NumericsVersion, network.Precision, network.Device, hardware, threads);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Engine} in {Precision} on {Device} ({Hardware}), {Threads} threads";
}
