using System.Collections.Immutable;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements;

/// <summary>How fast a network scores sequences: one forward pass over whole sequences, the head at every position.</summary>
/// <remarks>This is the work of prefill and of scoring. It is not the speed of generating token by token, which depends on memory instead.</remarks>
/// <param name="LatencyMs">Median milliseconds of a call, and the standard error of the median.</param>
/// <param name="TokensPerSecond">Tokens of a call over its median time, and the standard error that follows.</param>
public sealed record SpeedMeasurement(ObjectiveValue LatencyMs, ObjectiveValue TokensPerSecond)
{
    // A median varies sqrt(pi / 2) times as much as a mean, and the median distance from it times 1.4826 estimates the
    // standard deviation, both for normal errors; neither is moved by a few calls that were disturbed.
    private const double MedianFactor = 1.2533141373155;
    private const double DeviationFactor = 1.4826;

    /// <summary>Measures a network. Nothing else should use the device meanwhile.</summary>
    /// <param name="network">The network, extracted, so that it holds nothing but what it computes with.</param>
    /// <param name="protocol">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between calls.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SpeedMeasurement Take(ISuperNetwork network, MeasurementProtocol protocol, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Tokens, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Repeats, 1);
        var configuration = network.Info.Configuration;
        var architecture = configuration.FullArchitecture;
        var requests = Enumerable.Range(0, protocol.Batch).Select(b => Sequence(b, protocol.Tokens, configuration.VocabularySize)).ToArray();
        for (var call = 0; call < protocol.WarmUp; call++)
        {
            cancellation.ThrowIfCancellationRequested();
            network.Score([architecture], requests, cancellation);
        }

        var milliseconds = new double[protocol.Repeats];
        for (var call = 0; call < protocol.Repeats; call++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = time.GetTimestamp();
            network.Score([architecture], requests, cancellation);
            milliseconds[call] = time.GetElapsedTime(start).TotalMilliseconds;
        }

        return Summarise(milliseconds, (long)protocol.Batch * protocol.Tokens);
    }

    /// <summary>Median and spread of measured calls.</summary>
    internal static SpeedMeasurement Summarise(double[] milliseconds, long tokens)
    {
        var median = Median(milliseconds);
        var deviation = Median([.. milliseconds.Select(m => Math.Abs(m - median))]);
        var error = MedianFactor * DeviationFactor * deviation / Math.Sqrt(milliseconds.Length);
        var perSecond = tokens * 1000 / median;
        return new SpeedMeasurement(new(median, error), new(perSecond, perSecond * error / median));
    }

    // Which tokens they are makes no difference to a dense network's speed; they differ so that nothing can be cached.
    private static ScoringRequest Sequence(int number, int tokens, int vocabulary)
    {
        const int Stride = 7919;
        var ids = ImmutableArray.CreateBuilder<int>(tokens);
        for (var i = 0; i < tokens; i++)
        {
            ids.Add((int)((((long)number * tokens) + i) * Stride % vocabulary));
        }

        return new ScoringRequest(ids.MoveToImmutable(), 1);
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
