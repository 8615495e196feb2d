using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements;

/// <summary>Times the calls of a network. Nothing else should use the device meanwhile.</summary>
/// <remarks>Which tokens they are makes no difference to a dense network's speed; they differ so that nothing can be cached.</remarks>
internal static class PhaseTiming
{
    /// <summary>Times scoring.</summary>
    /// <returns>Milliseconds of each measured call.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static double[] Score(ISuperNetwork network, MeasurementProtocol protocol, TimeProvider time, CancellationToken cancellation)
    {
        Check(protocol);
        var configuration = network.Info.Configuration;
        var architecture = configuration.FullArchitecture;
        var requests = Enumerable.Range(0, protocol.Batch)
            .Select(b => new ScoringRequest([.. Ids((long)b * protocol.Tokens, protocol.Tokens, configuration.VocabularySize)], 1)).ToArray();
        return Repeat(protocol, cancellation, () => Time(time, () => network.Score([architecture], requests, cancellation)));
    }

    /// <summary>Times serving: each call reads the prompts of a batch in one step, then goes on token by token.</summary>
    /// <returns>Milliseconds of each measured call's prefill, and of one step of its decoding on average.</returns>
    /// <exception cref="NasClusterException">The engine does not decode, or the sequences are too long.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static (double[] Prefill, double[] Decode) Decode(
        ISuperNetwork network, MeasurementProtocol protocol, TimeProvider time, CancellationToken cancellation)
    {
        Check(protocol);
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.NewTokens, 1);
        var decoding = network as IDecoding ?? throw new NasClusterException($"The engine on {network.Info.Device} does not decode token by token.");
        var configuration = network.Info.Configuration;
        int[] prompts = [.. Ids(0, protocol.Batch * protocol.Tokens, configuration.VocabularySize)];
        var steps = Enumerable.Range(0, protocol.NewTokens)
            .Select(step => Ids(prompts.Length + ((long)step * protocol.Batch), protocol.Batch, configuration.VocabularySize).ToArray()).ToArray();
        var calls = Repeat(protocol, cancellation, () =>
        {
            using var sequences = decoding.Begin(configuration.FullArchitecture, protocol.Batch, protocol.Tokens + protocol.NewTokens);
            var prefill = Time(time, () => sequences.Advance(prompts, cancellation));
            var decode = Time(time, () =>
            {
                foreach (var step in steps)
                {
                    sequences.Advance(step, cancellation);
                }
            });
            return (Prefill: prefill, Decode: decode / protocol.NewTokens);
        });
        return ([.. calls.Select(c => c.Prefill)], [.. calls.Select(c => c.Decode)]);
    }

    private static T[] Repeat<T>(MeasurementProtocol protocol, CancellationToken cancellation, Func<T> call)
    {
        var results = ImmutableArray.CreateBuilder<T>(protocol.Repeats);
        for (var i = -protocol.WarmUp; i < protocol.Repeats; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = call();
            if (i >= 0)
            {
                results.Add(result);
            }
        }

        return [.. results];
    }

    private static double Time(TimeProvider time, Action call)
    {
        var start = time.GetTimestamp();
        call();
        return time.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Check(MeasurementProtocol protocol)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Tokens, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Repeats, 1);
    }

    private static IEnumerable<int> Ids(long first, int count, int vocabulary)
    {
        const int Stride = 7919;
        return Enumerable.Range(0, count).Select(i => (int)((first + i) * Stride % vocabulary));
    }
}
