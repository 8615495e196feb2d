using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Specification;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Local;
using NasCluster.Pipeline.Prepared;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Hosting;
using NasCluster.Specification;

namespace NasCluster.Cluster.Benchmarks.Throughput;

/// <summary>One silo in this process, whole but for its evaluators, which answer from a table.</summary>
internal sealed class TableCluster : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly WebApplication _app;
    private int _names;

    private TableCluster(WebApplication app) => _app = app;

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<TableCluster> StartAsync(int evaluators, int batch, string? storage)
    {
        var ports = FreePorts.Take(3);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        SiloHost.Configure(builder, new SiloSettings
        {
            SiloPort = ports[0],
            GatewayPort = ports[1],
            HttpPort = ports[2],
            Clustering = new ClusteringSettings { PrimaryPort = ports[0] },
            Storage = storage is null ? new StorageSettings() : new StorageSettings { Provider = StorageProvider.AzureBlobs, ConnectionString = storage },
        });
        builder.Services.RemoveAll<IEvaluationDevice>();
        for (var i = 0; i < evaluators; i++)
        {
            builder.Services.AddSingleton<IEvaluationDevice>(new TableDevice($"table-{i}", batch));
        }

        var app = builder.Build();
        SiloHost.Map(app);
        await app.StartAsync();
        return new TableCluster(app);
    }

    /// <summary>Makes a search of a large space, ready to be started.</summary>
    public SearchDefinition Prepare(int evaluations, int population, int seed)
    {
        var (text, prepared) = Specify(evaluations, population, seed);
        return new SearchDefinition { Name = $"table-{++_names}", Specification = text, Prepared = prepared, Started = DateTimeOffset.UtcNow };
    }

    /// <summary>The same for nobody's cluster.</summary>
    public static string PrepareAlone(int evaluations, int population, int seed) => Specify(evaluations, population, seed).Prepared;

    private static (string Text, string Prepared) Specify(int evaluations, int population, int seed)
    {
        var model = Path.GetDirectoryName(ShippedSuperNetwork.SearchFile)!;
        var spec = SearchSpecReader.ReadFile(ShippedSuperNetwork.SearchFile).SpecOrThrow(ShippedSuperNetwork.SearchFile);
        var tasks = spec.Data.Tasks.ToDictionary(t => $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(model, t.Path))))}", t => Path.Combine(model, t.Path));
        spec = spec with
        {
            Model = Path.GetFileName(model),
            Data = spec.Data with { SearchShare = 0.01, Tasks = [.. spec.Data.Tasks.Zip(tasks.Keys, (task, name) => task with { Path = name })] },
            Space = spec.Space with { Mlp = [.. Enumerable.Range(1, 16).Select(i => new MlpWidth(i / 16.0))] },
            Algorithm = spec.Algorithm with { Population = population },
            Budget = spec.Budget with { Evaluations = evaluations },
            Seed = seed,
        };
        using var checkpoint = LlamaCheckpoints.Open(model);
        var text = SearchSpecWriter.Write(spec);
        var prepared = SearchPreparation.Prepare(spec, text, CpuSuperNetwork.Identify(checkpoint), new SearchFiles(model, Resolve: name => tasks[name]));
        return (text, PreparedRun.Of(prepared.Search).ToJson());
    }

    /// <summary>Carries searches out, all at once.</summary>
    public async Task RunAsync(IReadOnlyList<SearchDefinition> searches)
    {
        foreach (var search in searches)
        {
            await Grains.GetGrain<ISearchCatalogGrain>(0).StartAsync(search, default);
        }

        foreach (var search in searches)
        {
            SearchStanding standing;
            while ((standing = await Grains.GetGrain<IPopulationGrain>(search.Name).KeepGoingAsync(default)).State == SearchState.Running)
            {
                await Task.Delay(Look);
            }

            if (standing.State != SearchState.Completed)
            {
                throw new InvalidOperationException($"{search.Name} is {standing.State}: {standing.Reason}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
