using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class SqliteLikelihoodsTests : IDisposable
{
    private static readonly ImmutableArray<ScoringRequest> Requests = [new([1, 2], 1), new([1, 2, 3], 1, perToken: true), new([1, 2, 3], 2)];

    private static readonly LogLikelihood[] Some = [new(-1.25, true, []), new(-double.Epsilon, false, [-0.5f, -float.Epsilon]), new(-1e300, true, [])];
    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.At("likelihoods.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Find_AfterReopening_IsWhatWasKeptToTheBit()
    {
        using (var store = SqliteLikelihoods.Open(File))
        {
            store.Keep("a", 5, Some);
            Assert.Null(store.Find("a", 0, Requests));
            Assert.Null(store.Find("b", 5, Requests));
        }

        using var again = SqliteLikelihoods.Open(File);
        AssertSome(again.Find("a", 5, Requests));
    }

    [Fact]
    public void Keep_WhatAnotherProgramKept_FirstStays()
    {
        using var one = SqliteLikelihoods.Open(File);
        using var other = SqliteLikelihoods.Open(File);
        one.Keep("a", 0, Some);

        other.Keep("a", 0, [new(-7, false, [])]);

        AssertSome(other.Find("a", 0, Requests));
    }

    [Fact]
    public void Find_PortionOfAnotherLength_IsSaidToBeDamaged()
    {
        using var store = SqliteLikelihoods.Open(File);
        store.Keep("a", 0, Some);

        Assert.Contains("damaged", Assert.ThrowsAny<NasClusterException>(() => store.Find("a", 0, Requests[..2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ACacheOfEvaluations_IsRefused()
    {
        SqliteEvaluationCache.Open(File).Dispose();

        Assert.Contains("no file of likelihoods", Assert.ThrowsAny<NasClusterException>(() => SqliteLikelihoods.Open(File)).Message, StringComparison.Ordinal);
    }

    private static void AssertSome(LogLikelihood[]? found)
    {
        Assert.Equal(Some.Select(l => (l.Sum, l.IsGreedy)), found!.Select(l => (l.Sum, l.IsGreedy)));
        Assert.All(Some.Zip(found!), pair => Assert.Equal(pair.First.PerToken.ToArray(), pair.Second.PerToken.ToArray()));
    }
}
