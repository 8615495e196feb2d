using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Hosting;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>The whole silo in this process, so that a test can put a part of its own in it.</summary>
internal sealed class LocalSilo : IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly int _gatewayPort;
    private readonly HttpClient _http;

    private LocalSilo(WebApplication app, int siloPort, int gatewayPort, int httpPort)
    {
        _app = app;
        SiloPort = siloPort;
        _gatewayPort = gatewayPort;
        HttpPort = httpPort;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}") };
    }

    /// <summary>Port for other silos.</summary>
    public int SiloPort { get; }

    /// <summary>Port for health and metrics.</summary>
    public int HttpPort { get; }

    /// <summary>Starts one with everything in its memory.</summary>
    /// <param name="change">Settings of the test's own.</param>
    /// <param name="replace">Services that the test puts in the place of others.</param>
    public static async Task<LocalSilo> StartAsync(Func<SiloSettings, SiloSettings> change, Action<IServiceCollection> replace)
    {
        var ports = FreePorts.Take(3);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        SiloHost.Configure(builder, change(new SiloSettings
        {
            SiloPort = ports[0],
            GatewayPort = ports[1],
            HttpPort = ports[2],
            Clustering = new ClusteringSettings { PrimaryPort = ports[0] },
            SuperNetworks = new SuperNetworkSettings { Directory = ShippedSearch.Models },
            Evaluator = new EvaluatorSettings { Threads = 1 },
        }));
        replace(builder.Services);
        var app = builder.Build();
        SiloHost.Map(app);
        await app.StartAsync();
        return new LocalSilo(app, ports[0], ports[1], ports[2]);
    }

    /// <summary>Runs a command of <c>nasctl</c> on it.</summary>
    public Task<NasctlResult> RunAsync(params IEnumerable<string> arguments) => Nasctl.RunAsync([.. arguments, "--gateway", $"127.0.0.1:{_gatewayPort}"]);

    /// <summary>How it answers at an address of its own: the status and what it says.</summary>
    public async Task<(int Status, string Says)> AskAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What it serves to Prometheus.</summary>
    public async Task<Exposition> ScrapeAsync() => Exposition.Parse(await _http.GetStringAsync("/metrics"));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync(EndPatience);
        await _app.DisposeAsync();
    }
}
