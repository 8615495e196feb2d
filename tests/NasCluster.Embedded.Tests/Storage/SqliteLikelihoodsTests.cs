using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Storage;

public sealed class SqliteLikelihoodsTests : IDisposable
{
    private static readonly LogLikelihood[] Some = [new(-1.25, true, []), new(-double.Epsilon, false, []), new(-1e300, true, [])];
    private readonly TemporaryDirectory _directory = new();

    private string File => _directory.At("likelihoods.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Find_AfterReopening_IsWhatWasKeptToTheBit()
    {
        using (var store = SqliteLikelihoods.Open(File))
        {
            store.Keep("a", 5, Some);
            Assert.Null(store.Find("a", 0, 3));
            Assert.Null(store.Find("b", 5, 3));
        }

        using var again = SqliteLikelihoods.Open(File);
        Assert.Equal(Some, again.Find("a", 5, 3));
    }

    [Fact]
    public void Keep_WhatAnotherProgramKept_FirstStays()
    {
        using var one = SqliteLikelihoods.Open(File);
        using var other = SqliteLikelihoods.Open(File);
        one.Keep("a", 0, Some);

        other.Keep("a", 0, [new(-7, false, [])]);

        Assert.Equal(Some, other.Find("a", 0, 3));
    }

    [Fact]
    public void Find_PortionOfAnotherLength_IsSaidToBeDamaged()
    {
        using var store = SqliteLikelihoods.Open(File);
        store.Keep("a", 0, Some);

        Assert.Contains("damaged", Assert.ThrowsAny<NasClusterException>(() => store.Find("a", 0, 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ACacheOfEvaluations_IsRefused()
    {
        SqliteEvaluationCache.Open(File).Dispose();

        Assert.Contains("no file of likelihoods", Assert.ThrowsAny<NasClusterException>(() => SqliteLikelihoods.Open(File)).Message, StringComparison.Ordinal);
    }
}
