using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using Xunit;

namespace NasCluster.Testing;

/// <content>What is refused, cancelled, shared by threads, or disposed of.</content>
public abstract partial class SuperNetworkContract
{
    [ContractFact]
    public void Score_NoArchitecturesOrNoRequests_IsEmpty()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[0], 1);
        using var network = Load(checkpoint);
        Assert.Empty(network.Score([], [new ScoringRequest([1, 2], 1)], default));
        Assert.Empty(Assert.Single(network.Score([Shapes[0].FullArchitecture], [], default)));
    }

    [ContractFact]
    public void Score_TokenOutOfRange_Fails()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[0], 1);
        using var network = Load(checkpoint);
        foreach (var tokens in new ImmutableArray<int>[] { [1, 61], [61, 1], [-1, 1], [0, int.MaxValue] })
        {
            var error = Assert.Throws<NasClusterException>(() => Score(network, Shapes[0].FullArchitecture, new ScoringRequest(tokens, 1)));
            Assert.Contains("60", error.Message, StringComparison.Ordinal);
        }
    }

    [ContractFact]
    public void Score_SequenceLongerThanMaximum_Fails()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[0], 1);
        using var network = Load(checkpoint);

        // 128 are read, and one more is scored.
        var longest = ImmutableArray.CreateRange(Enumerable.Repeat(1, 129));
        Assert.Equal(128, Score(network, Shapes[0].FullArchitecture, new ScoringRequest(longest, 1, true)).PerToken.Length);
        var error = Assert.Throws<NasClusterException>(() => Score(network, Shapes[0].FullArchitecture, new ScoringRequest(longest.Add(1), 1)));
        Assert.Contains("130 tokens in request 0; the network takes at most 128 and one to predict", error.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public void Score_ArchitectureThatDoesNotFit_Fails()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[0], 1);
        using var network = Load(checkpoint);
        LayerArchitecture[] misfits =
        [
            Layer(3, 1, 1), Layer(0, 4, 1), Layer(0, 1, 44), .. new[] { ChannelSelection.Leading(0), ChannelSelection.Leading(2), ChannelSelection.Set([2]) }
                .Select(pairs => Layer(0, 1, 1) with { HeadPairs = pairs }),
        ];
        foreach (var layer in misfits)
        {
            Assert.Throws<NasClusterException>(() => Score(network, new Architecture([layer]), new ScoringRequest([1, 2], 1)));
        }
    }

    [ContractFact]
    public void Score_Cancelled_Stops()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[0], 1);
        using var network = Load(checkpoint);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => network.Score([Shapes[0].FullArchitecture], [new ScoringRequest([1, 2], 1)], source.Token));
        Assert.Single(network.Score([Shapes[0].FullArchitecture], [new ScoringRequest([1, 2], 1)], default));
    }

    [ContractFact]
    public void Score_FromSeveralThreads_EqualsOneAfterAnother()
    {
        var configuration = Shapes[2];
        using var checkpoint = RandomCheckpoint.Make(configuration, 4);
        using var network = Load(checkpoint);
        var random = new Random(4);
        var calls = Enumerable.Range(0, 8).Select(_ => (
            Architecture: RandomCheckpoint.Architecture(configuration, random),
            Requests: Enumerable.Range(0, 3).Select(_ => Request(configuration, random)).ToArray())).ToArray();
        var alone = calls.Select(c => network.Score([c.Architecture], c.Requests, default)[0]).ToArray();
        var together = new LogLikelihood[calls.Length][];
        var threads = calls.Select((c, i) => new Thread(() => together[i] = network.Score([c.Architecture], c.Requests, default)[0])).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        for (var i = 0; i < calls.Length; i++)
        {
            AssertEqual(alone[i], together[i]);
        }
    }

    [ContractFact]
    public void Score_AfterDispose_Fails()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[0], 1);
        var network = Load(checkpoint);
        network.Dispose();
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Score(network, Shapes[0].FullArchitecture, new ScoringRequest([1, 2], 1)));
    }
}
