using NasCluster.Contracts.Data;
using NasCluster.Core.Control.Hosting;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Core.Telemetry;
using NasCluster.Grains;
using NasCluster.Grains.Data;
using NasCluster.Grains.Searches;
using NasCluster.Grains.Storage;
using NasCluster.Llama.Engines;
using NasCluster.Pipeline.SuperNetworks;
using NasCluster.Silo.Configuration;
using NasCluster.Silo.Evaluation;
using NasCluster.Silo.Health;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NasCluster.Silo.Hosting;

/// <summary>Puts a silo together.</summary>
internal static class SiloHost
{
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(30);

    public static void Configure(WebApplicationBuilder builder, SiloSettings settings)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(settings.HttpPort));
        var services = builder.Services;
        services.AddSingleton(settings);

        // A silo may wait long for its cluster; health must answer from the start, or the wait looks like a hang.
        services.Configure<HostOptions>(options =>
        {
            options.ServicesStartConcurrently = true;

            // Evaluators have their grace period, and what is left then takes seconds: grains leave for other silos, connections close.
            options.ShutdownTimeout = settings.Evaluator.Grace + LeavingTime;
        });
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SiloReadiness>();
        services.AddSingleton(s => new SearchMetrics(SiloVersion.Text, s.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()));
        services.AddSingleton<CellStorage>();
        services.AddSingleton<IContentStore>(s => new ContentStore(
            s.GetRequiredService<CellStorage>().OfContents,
            (hash, cancellation) => new(s.GetRequiredService<IGrainFactory>().GetGrain<IDataCatalogGrain>(0).AdmitAsync(hash, cancellation))));
        services.AddSingleton<IRunnableSearches, RunnableSearches>();
        services.AddOptions<PopulationOptions>();
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(new DirectoryOptions()));
        services.AddHostedService<SearchKeeper>();
        services.AddHostedService<EvaluatorKeeper>();
        services.AddSingleton(s => new Pulse(settings.Liveness.Pulse, s.GetRequiredService<TimeProvider>()));
        services.AddHostedService<PulseTaking>();
        services.AddHealthChecks()
            .AddCheck<LiveCheck>("live", tags: [HealthEndpoints.Live])
            .AddCheck<ReadyCheck>("ready", tags: [HealthEndpoints.Ready]);
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(MetricNames.Meter, "Microsoft.Orleans").AddPrometheusExporter())
            .WithTracing(tracing =>
            {
                if (settings.Otlp is { } collector)
                {
                    tracing.ConfigureResource(silo => silo.AddService("nas-silo", settings.Cluster, SiloVersion.Text))
                        .AddSource(SearchTraces.SourceName, "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application")
                        .AddOtlpExporter(otlp =>
                        {
                            otlp.Endpoint = collector;
                            otlp.Protocol = collector.AbsolutePath == "/" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
                        });
                }
            });
        if (settings.Role != SiloRole.Controller)
        {
            AddEvaluation(services, settings);
        }

        builder.Host.UseOrleans(silo =>
        {
            silo.AddClustering(settings);
            silo.AddStorage(settings.Storage);
            silo.AddGrains(settings.Role != SiloRole.Evaluator, settings.Role != SiloRole.Controller);
            if (settings.Tls is { } tls)
            {
                silo.AddTls(tls);
            }

            if (settings.Otlp is not null)
            {
                silo.AddActivityPropagation();
            }
        });
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, EvaluatorStart>();
    }

    public static void Map(WebApplication app)
    {
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static void AddEvaluation(IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton(settings.SuperNetworks);
        services.AddSingleton<SuperNetworkLibrary>();
        services.AddSingleton<StoredSuperNetworks>();
        services.AddHostedService(s => s.GetRequiredService<StoredSuperNetworks>());
        services.AddSingleton(_ => new ContentCache(Path.Combine(settings.SuperNetworks.CacheDirectory, "contents"), settings.SuperNetworks.CacheBytes, TimeProvider.System));
        services.AddSingleton(settings.Evaluator);
        for (var i = 0; i < EngineChoice.CountOf(settings.Evaluator); i++)
        {
            AddDevice(services, settings, i);
        }

        // What is no device's matter, such as what networks there are, goes by the first.
        services.AddSingleton(s => s.GetRequiredKeyedService<ILlamaEngine>(0));
        services.AddSingleton(s => s.GetRequiredKeyedService<SuperNetworkShelf>(0));
        services.AddSingleton(s => s.GetRequiredKeyedService<HeldNetworks>(0));
        services.AddSingleton<IStageRunner, EngineStages>();
        services.AddSingleton<ISearchPreparer, SearchPreparer>();
        services.AddHostedService<PreloadedSuperNetworks>();
    }

    // Each device holds super-networks of its own, and is measured on while its own evaluations wait.
    private static void AddDevice(IServiceCollection services, SiloSettings settings, int index)
    {
        services.AddKeyedSingleton(
            index, (s, _) => EngineChoice.Open(settings.Evaluator, index, s.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(EngineChoice))));
        services.AddKeyedSingleton(index, (_, _) => new SuperNetworkShelf(settings.SuperNetworks.IdleBytes));
        services.AddKeyedSingleton(index, (s, _) => ActivatorUtilities.CreateInstance<HeldNetworks>(
            s, s.GetRequiredKeyedService<SuperNetworkShelf>(index), s.GetRequiredKeyedService<ILlamaEngine>(index)));
        services.AddSingleton<IEvaluationDevice>(s => ActivatorUtilities.CreateInstance<EngineDevice>(
            s, s.GetRequiredKeyedService<SuperNetworkShelf>(index), s.GetRequiredKeyedService<HeldNetworks>(index)));
    }
}
