using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.Settings;

/// <summary>A silo that is set up wrongly says everything that is wrong, and does not start.</summary>
public sealed class SiloSettingsTests
{
    private const int Failure = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_ManyProblems_SaysThemAllAtOnce() => Assert.Equal(
        [
            "nas-silo: NasCluster:Cluster is 'My_Cluster'; it must have 3 to 63 of a-z, 0-9 and '-', and no '-' first, last or twice in a row.",
            "nas-silo: NasCluster:GatewayPort is 65536; it must be in [1, 65535].",
            "nas-silo: NasCluster:Address is 'localhost'; it must be an IP address, or left out.",
            "nas-silo: NasCluster:Clustering.ConnectionString is missing; Clustering.Provider needs one.",
            "nas-silo: NasCluster:Storage.ConnectionString is missing; Storage.Provider needs one.",
            "nas-silo: NasCluster:SuperNetworks.Directory is 'no/such'; there is no such directory.",
            "nas-silo: NasCluster:SuperNetworks.Preload:0 is 'Big One'; it must be the name of a super-network: 1 to 63 of a-z, 0-9, '-' and '.'.",
            "nas-silo: NasCluster:SuperNetworks.Preload:2 is 'small', which is there already; each name may be there once.",
            "nas-silo: NasCluster:Evaluator.BatchSize is 0; it must be at least 1.",
            "nas-silo: NasCluster:Liveness.ProbeTimeout is 00:00:00; it must be above zero.",
            "nas-silo: NasCluster:Liveness.Pulse is -00:00:01; it must be above zero.",
            "nas-silo: NasCluster:Tls.Certificate is 'no.pem'; there is no such file.",
            "nas-silo: NasCluster:Tls.Key is missing; TLS needs certificate, key and authority.",
            "nas-silo: NasCluster:Tls.Authority is missing; TLS needs certificate, key and authority.",
            "nas-silo: NasCluster:Otlp is 'ftp://collector/'; it must be an http or https address.",
        ],
        await RefusedAsync(
            "Cluster=My_Cluster", "GatewayPort=65536", "Address=localhost", "Clustering:Provider=PostgreSql", "Storage:Provider=AzureBlobs",
            "SuperNetworks:Directory=no/such", "Evaluator:BatchSize=0", "Liveness:ProbeTimeout=0",
            "SuperNetworks:Preload:0=Big One", "SuperNetworks:Preload:1=small", "SuperNetworks:Preload:2=small", "Liveness:Pulse=-00:00:01", "Tls:Certificate=no.pem", "Otlp=ftp://collector/"));

    [Theory]
    [InlineData("SiloPrt=1", "SiloPrt")]
    [InlineData("Evaluator:Devices:0=cuda:0", "Evaluator.Devices:0 is 'cuda:0'; with the engine Cpu it must be cpu:N.")]
    [InlineData("Evaluator:Engine=Torch;Evaluator:Devices:0=gpu", "Evaluator.Devices:0 is 'gpu'; with the engine Torch it must be cpu or cuda:N.")]
    [InlineData("Evaluator:Engine=Torch;Evaluator:Devices:0=cuda:1;Evaluator:Devices:1=cuda:1", "Evaluator.Devices:1 is 'cuda:1', which is there already; each device may be there once.")]
    [InlineData("Evaluator:Precision=Float16", "Evaluator.Precision is for the engine Torch; Evaluator.Engine is Cpu.")]
    [InlineData("Storage:Kind=Memory", "Kind")]
    [InlineData("Role=Boss", "Role")]
    [InlineData("SiloPort=many", "SiloPort")]
    [InlineData("Clustering:Provider=Zookeeper", "Provider")]
    [InlineData("Storage:Provider=7;Storage:ConnectionString=x", "Storage.Provider is '7'; it must be one of Memory, AzureBlobs, PostgreSql.")]
    [InlineData("Role=Controller;SuperNetworks:Preload:0=small-world", "SuperNetworks.Preload is set; a silo whose Role is Controller holds no super-networks.")]
    [InlineData("HttpPort=11111", "SiloPort, GatewayPort and HttpPort must be three different ports.")]
    [InlineData("Storage:Provider=AzureBlobs;Storage:ConnectionString=nonsense", "Storage.ConnectionString")]
    [InlineData("Storage:Provider=PostgreSql;Storage:ConnectionString=nonsense", "Storage.ConnectionString")]
    [InlineData("Clustering:Provider=PostgreSql;Clustering:ConnectionString=nonsense", "Clustering.ConnectionString")]
    [InlineData("Clustering:Provider=AzureTables;Clustering:ConnectionString=nonsense", "Clustering.ConnectionString")]
    [InlineData("Storage:Provider=AzureBlobs;Storage:ConnectionString=http://account.blob.core.windows.net", "Storage.ConnectionString must be https://ACCOUNT.blob.core.windows.net")]
    [InlineData("Storage:Provider=AzureBlobs;Storage:ConnectionString=https://account.table.core.windows.net", "Storage.ConnectionString must be https://ACCOUNT.blob.core.windows.net")]
    [InlineData("Storage:Provider=AzureBlobs;Storage:ConnectionString=https://account.blob.core.windows.net/container", "Storage.ConnectionString must be https://ACCOUNT.blob.core.windows.net")]
    [InlineData("Clustering:Provider=AzureTables;Clustering:ConnectionString=https://account.blob.core.windows.net", "Clustering.ConnectionString")]
    public async Task Start_OneProblem_NamesTheSetting(string settings, string says) =>
        Assert.Contains(says, Assert.Single(await RefusedAsync(settings.Split(';'))), StringComparison.Ordinal);

    [Fact]
    public async Task Start_CertificateThatIsNone_NamesTheFiles() => Assert.Contains(
        "cannot be used",
        Assert.Single(await RefusedAsync($"Tls:Certificate={ShippedSearch.File}", $"Tls:Key={ShippedSearch.File}", $"Tls:Authority={ShippedSearch.File}")),
        StringComparison.Ordinal);

    [Fact]
    public async Task Start_ConnectionStringWithASecret_KeepsItToItself() =>
        Assert.DoesNotContain("hunter2", string.Join('\n', await RefusedAsync("Storage:Provider=PostgreSql", "Storage:ConnectionString=Password=hunter2;Nonsense")), StringComparison.Ordinal);

    /// <summary>The log says more on standard output.</summary>
    [Fact]
    public async Task Start_StorageNobodyServes_SaysSoInOneLine()
    {
        var ports = FreePorts.Take(4);
        await using var silo = SiloProcess.Start(
            ports[0], ports[1], ports[2], $"Clustering:PrimaryPort={ports[0]}", "Storage:Provider=AzureBlobs",
            $"Storage:ConnectionString=DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:{ports[3]}/a;");

        Assert.Equal(Failure, await silo.Process.WaitAsync(Patience));
        Assert.StartsWith("nas-silo: The silo cannot start: ", Assert.Single(silo.Process.ErrorLines), StringComparison.Ordinal);
    }

    /// <summary>What a silo with these settings says on standard error.</summary>
    private static async Task<string[]> RefusedAsync(params string[] settings)
    {
        await using var silo = ChildProcess.StartDotnet("NasCluster.Silo", "nas-silo.dll", settings.Select(s => $"--NasCluster:{s}"));
        Assert.Equal(Failure, await silo.WaitAsync(Patience));
        Assert.All(silo.ErrorLines, line => Assert.StartsWith("nas-silo: ", line, StringComparison.Ordinal));
        return silo.ErrorLines;
    }
}
