using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements;

/// <summary>How fast a network is in one phase of its work.</summary>
/// <param name="LatencyMs">Median milliseconds of a call or a step, and the standard error of the median.</param>
/// <param name="TokensPerSecond">Its tokens over its median time, and the standard error that follows.</param>
public sealed record SpeedMeasurement(ObjectiveValue LatencyMs, ObjectiveValue TokensPerSecond)
{
    /// <summary>Measures how fast a network scores sequences: one forward pass over whole sequences, the head at every position.</summary>
    /// <param name="network">The network, extracted, so that it holds nothing but what it computes with.</param>
    /// <param name="protocol">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between calls.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SpeedMeasurement Take(ISuperNetwork network, MeasurementProtocol protocol, TimeProvider time, CancellationToken cancellation) =>
        Of(Median.Estimate(PhaseTiming.Score(network, protocol, time, cancellation)), MeasuredPhase.Scoring, protocol.Batch, protocol.Tokens);

    /// <summary>Measures how fast a network serves: prompts in one step, then token by token.</summary>
    /// <param name="network">The network, extracted; it must decode.</param>
    /// <param name="protocol">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between calls and steps.</param>
    /// <exception cref="NasClusterException">The engine does not decode, or the sequences are too long.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (SpeedMeasurement Prefill, SpeedMeasurement Decode) TakeDecoding(
        ISuperNetwork network, MeasurementProtocol protocol, TimeProvider time, CancellationToken cancellation)
    {
        var (prefill, decode) = PhaseTiming.Decode(network, protocol, time, cancellation);
        return (
            Of(Median.Estimate(prefill), MeasuredPhase.Prefill, protocol.Batch, protocol.Tokens),
            Of(Median.Estimate(decode), MeasuredPhase.Decode, protocol.Batch, protocol.Tokens));
    }

    /// <summary>The speed that a latency means.</summary>
    /// <param name="milliseconds">Of a call, in decoding of a step.</param>
    /// <param name="phase">What was timed.</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="tokens">Tokens of each, in decoding those it began with.</param>
    internal static SpeedMeasurement Of(ObjectiveValue milliseconds, MeasuredPhase phase, int batch, int tokens)
    {
        var perSecond = (phase == MeasuredPhase.Decode ? batch : (long)batch * tokens) * 1000 / milliseconds.Value;
        return new SpeedMeasurement(milliseconds, new(perSecond, perSecond * milliseconds.StandardError / milliseconds.Value));
    }
}
