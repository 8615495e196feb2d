using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Randomness;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>Measures the networks of a design, and makes a table of them.</summary>
/// <remarks>
/// In every round each network, those to check on included, is cut out anew and measured once, in an order of the round's own: so no network
/// is always after the same other, each has its share of the machine's good and bad times, and only one is held beside the super-network.
/// </remarks>
public sealed class LatencyCampaign
{
    private readonly ISuperNetwork _network;
    private readonly LatencyDesign _design;
    private readonly TableProtocol _protocol;
    private readonly ImmutableArray<Workload> _workloads;
    private readonly TimeProvider _time;

    /// <summary>Prepares it.</summary>
    /// <param name="network">The super-network.</param>
    /// <param name="design">Which networks.</param>
    /// <param name="protocol">How.</param>
    /// <param name="workloads">At what; each gets a section.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="NasClusterException">The engine cannot cut networks out or decode, or sequences are longer than the network's positions.</exception>
    public LatencyCampaign(ISuperNetwork network, LatencyDesign design, TableProtocol protocol, IEnumerable<Workload> workloads, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(workloads);
        ArgumentOutOfRangeException.ThrowIfLessThan(protocol.Rounds, 1);
        _network = network;
        _design = design;
        _protocol = protocol;
        _workloads = [.. workloads.Distinct()];
        _time = time;
        if (network is not IExtraction)
        {
            throw new NasClusterException($"Speed is measured on an extracted sub-network, which the engine on {network.Info.Device} cannot extract.");
        }

        var positions = network.Info.Configuration.MaximumPositions;
        foreach (var workload in _workloads)
        {
            var decodes = workload.Phase != MeasuredPhase.Scoring;
            if (decodes && network is not IDecoding)
            {
                throw new NasClusterException($"The engine on {network.Info.Device} does not decode token by token; it can be measured at scoring only.");
            }

            var needed = workload.Tokens + (decodes ? protocol.NewTokens : 0L);
            if (needed > positions)
            {
                throw new NasClusterException(
                    $"{workload.Tokens} tokens{(decodes ? $" and {protocol.NewTokens} new ones" : "")} are more than the {positions} positions the model takes.");
            }
        }
    }

    /// <summary>How many measurements there are: rounds times networks.</summary>
    public int Count => _protocol.Rounds * (_design.Fitted.Length + _design.HeldOut.Length);

    /// <summary>Measures. Nothing else should use the device meanwhile.</summary>
    /// <param name="device">The class of devices it is on.</param>
    /// <param name="progress">Told after each measurement how many are done.</param>
    /// <param name="cancellation">Stops between calls.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public LatencyTable Run(DeviceClass device, Action<int>? progress, CancellationToken cancellation)
    {
        var measured = _time.GetUtcNow();
        ImmutableArray<Architecture> architectures = [.. _design.Fitted, .. _design.HeldOut];
        var milliseconds = _workloads.ToDictionary(w => w, _ => new double[architectures.Length, _protocol.Rounds]);
        var random = new Xoshiro256((ulong)_protocol.Seed);
        var done = 0;
        for (var round = 0; round < _protocol.Rounds; round++)
        {
            int[] order = [.. Enumerable.Range(0, architectures.Length)];
            random.Shuffle<int>(order);
            foreach (var i in order)
            {
                using var extracted = ((IExtraction)_network).Extract(architectures[i]);
                Measure(extracted, (workload, ms) => milliseconds[workload][i, round] = ms, cancellation);
                progress?.Invoke(++done);
            }
        }

        var info = _network.Info;
        LlamaConfiguration[] fitted = [.. _design.Fitted.Select(info.Configuration.Extract)];
        LlamaConfiguration[] heldOut = [.. _design.HeldOut.Select(info.Configuration.Extract)];
        return new LatencyTable(
            LatencyModel.Of(info.Configuration, info.Fingerprint), device, measured, _protocol, _design.Knots,
            [.. _workloads.Select(w => LatencyFit.Section(_design.Knots, fitted, heldOut, milliseconds[w], w.Phase, w.Batch, w.Tokens))]);
    }

    private void Measure(ISuperNetwork network, Action<Workload, double> take, CancellationToken cancellation)
    {
        foreach (var group in _workloads.GroupBy(w => (w.Batch, w.Tokens)))
        {
            var protocol = new MeasurementProtocol(group.Key.Batch, group.Key.Tokens, _protocol.WarmUp, _protocol.Repeats) { NewTokens = _protocol.NewTokens };
            var phases = group.ToDictionary(w => w.Phase);
            if (phases.TryGetValue(MeasuredPhase.Scoring, out var scoring))
            {
                take(scoring, Undisturbed(PhaseTiming.Score(network, protocol, _time, cancellation)));
            }

            if (phases.Keys.Any(p => p != MeasuredPhase.Scoring))
            {
                var (prefill, decode) = PhaseTiming.Decode(network, protocol, _time, cancellation);
                Take(MeasuredPhase.Prefill, prefill);
                Take(MeasuredPhase.Decode, decode);
            }

            void Take(MeasuredPhase phase, double[] calls)
            {
                if (phases.TryGetValue(phase, out var workload))
                {
                    take(workload, Undisturbed(calls));
                }
            }
        }
    }

    // What else the machine does makes calls slower, never faster. And a clock may not have moved, but no network takes no time.
    private double Undisturbed(double[] calls) => Math.Max(calls.Min(), 1000.0 / _time.TimestampFrequency);
}
