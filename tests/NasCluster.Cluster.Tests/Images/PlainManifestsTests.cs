using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Images;

/// <summary>Controller, evaluator, Azurite and console, each told what its container is told: only addresses and paths are this machine's.</summary>
public sealed class PlainManifestsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [ServerFact(Needs.AzuriteTables)]
    public async Task Search_OnWhatTheManifestsDeploy_EndsWithAFront()
    {
        var ports = FreePorts.Take(9);
        var connection = PlainManifests.AzuriteConnectionString()
            .Replace("nas-cluster-azurite:10000", $"127.0.0.1:{ports[0]}", StringComparison.Ordinal).Replace("nas-cluster-azurite:10002", $"127.0.0.1:{ports[1]}", StringComparison.Ordinal);
        await using var azurite = ChildProcess.Start(
            Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("NASCLUSTER_AZURITE"))!, "azurite"),
            [.. PlainManifests.AzuriteArguments().Select(a => a == "/data" ? _directory.At("azurite") : a == "0.0.0.0" ? "127.0.0.1" : a),
                "--blobPort", $"{ports[0]}", "--tablePort", $"{ports[1]}", "--queuePort", $"{ports[2]}"]);
        await azurite.ListensAsync(ports[1]);

        await using var controller = Silo("controller", connection, ports.AsSpan(3, 3));
        await using var evaluator = Silo("evaluator", connection, ports.AsSpan(6, 3));
        await ReadyAsync(ports[5], controller);
        await ReadyAsync(ports[8], evaluator);
        var console = PlainManifests.Console();
        console["NASCTL_GATEWAY"] = console["NASCTL_GATEWAY"].Replace("nas-cluster-gateway:30000", $"127.0.0.1:{ports[4]}", StringComparison.Ordinal);
        await using var nasctl = Nasctl.StartIn([.. console.Select(v => $"{v.Key}={v.Value}")], "search", "start", "-f", ShippedSearch.File, "--set", "budget.evaluations=60", "--watch");

        Assert.True(await nasctl.WaitAsync(Patience) == 0, nasctl.Output + nasctl.Errors + evaluator.Errors);
        Assert.Contains("● front", nasctl.Output, StringComparison.Ordinal);

        evaluator.AskToEnd();
        Assert.Equal(0, await evaluator.WaitAsync(Patience));
        controller.AskToEnd();
        Assert.Equal(0, await controller.WaitAsync(Patience));
    }

    private static ChildProcess Start(Dictionary<string, string> environment, params string[] arguments)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(SharedData.RepositoryRoot, "src", "NasCluster.Silo", "bin", framework.Parent!.Name, framework.Name, "nas-silo");
        return ChildProcess.Start("env", [.. environment.Select(v => $"{v.Key}={v.Value}"), path, .. arguments]);
    }

    private static async Task ReadyAsync(int port, ChildProcess silo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            await using var health = Start([], "--health", $"--NasCluster:HttpPort={port}");
            if (await health.WaitAsync(Patience) == 0)
            {
                return;
            }

            Assert.False(silo.HasExited, silo.Output + silo.Errors);
            await Task.Delay(200, patience.Token);
        }
    }

    private ChildProcess Silo(string component, string connection, ReadOnlySpan<int> ports)
    {
        var environment = PlainManifests.Silo(component);
        environment["NasCluster__Address"] = "127.0.0.1";
        environment["NasCluster__SiloPort"] = $"{ports[0]}";
        environment["NasCluster__GatewayPort"] = $"{ports[1]}";
        environment["NasCluster__HttpPort"] = $"{ports[2]}";
        environment["NasCluster__Clustering__ConnectionString"] = connection;
        environment["NasCluster__Storage__ConnectionString"] = connection;
        environment["NasCluster__SuperNetworks__CacheDirectory"] = _directory.At($"{component}-cache");
        return Start(environment);
    }
}
