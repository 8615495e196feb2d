using NasCluster.Contracts.Security;
using NasCluster.Core;

namespace NasCluster.Cluster.Tests.Security;

/// <summary>What counts as the address of a storage service, and what as a connection string.</summary>
public sealed class AzureEndpointTests
{
    [Theory]
    [InlineData("https://account.blob.core.windows.net")]
    [InlineData("https://account.blob.core.windows.net/")]
    [InlineData("https://account.blob.core.usgovcloudapi.net")]
    [InlineData("https://storage.example.org:8443")]
    public void TryParse_Address_IsOne(string text)
    {
        Assert.True(AzureEndpoint.TryParse(text, "blob", out var address));
        Assert.Equal(new Uri(text), address);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5;EndpointSuffix=core.windows.net")]
    [InlineData("BlobEndpoint=https://account.blob.core.windows.net;SharedAccessSignature=sv=1&sig=x")]
    [InlineData("nonsense")]
    public void TryParse_ConnectionString_IsNone(string text) => Assert.False(AzureEndpoint.TryParse(text, "blob", out _));

    [Theory]
    [InlineData("http://account.blob.core.windows.net")]
    [InlineData("ftp://account.blob.core.windows.net")]
    [InlineData("https://")]
    [InlineData("https://account.table.core.windows.net")]
    [InlineData("https://account.blob.core.windows.net/container")]
    [InlineData("https://account.blob.core.windows.net/?sv=1&sig=hunter2")]
    [InlineData("https://user:hunter2@account.blob.core.windows.net")]
    public void TryParse_AddressThatCannotBeUsed_IsRefusedWithoutWhatItWas(string text) => Assert.Equal(
        "must be https://ACCOUNT.blob.core.windows.net, without path or signature, or a connection string.",
        Assert.Throws<NasClusterException>(() => AzureEndpoint.TryParse(text, "blob", out _)).Message);
}
