using Azure.Storage.Blobs;
using NasCluster.Cluster.Benchmarks.Faults;
using NasCluster.Contracts.Searches;
using NasCluster.Core.Search;
using NasCluster.Core.Storage;
using NasCluster.Local;
using NasCluster.Pipeline.Prepared;
using NasCluster.Silo.Evaluation;
using NasCluster.Specification;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>Searches on a cluster that is struck all the time, and an audit from storage of what came of them.</summary>
internal static class ChaosBenchmark
{
    private const string Container = "nascluster";
    private const double SearchShare = 0.01;

    /// <returns>0 when every search is what it would have been undisturbed.</returns>
    public static async Task<int> RunAsync(ChaosOptions options, CancellationToken cancellation)
    {
        var directory = Directory.CreateTempSubdirectory("nascluster-chaos-").FullName;
        Console.Error.WriteLine($"logs are in {directory}");
        await using var azurite = await AzuriteServer.StartAsync();
        await using var server = await PostgreSqlServer.StartAsync();
        var database = await server.NewDatabaseAsync();
        var port = FreePorts.Take(1)[0];
        await using var proxy = await FaultProxy.StartAsync(port, azurite.Port, options.Seed);
        var model = Path.GetDirectoryName(ShippedSuperNetwork.SearchFile)!;
        string[] settings =
        [
            "Clustering:Provider=PostgreSql", $"Clustering:ConnectionString={database}",
            "Storage:Provider=AzureBlobs", $"Storage:ConnectionString={AzuriteServer.ConnectionStringAt(port)}", $"Storage:Container={Container}",
            $"SuperNetworks:Directory={Path.GetDirectoryName(model)}", "Evaluator:Threads=1",
        ];
        var silos = Enumerable.Range(1, options.Silos).Select(n => NewSilo(n)).ToArray();
        try
        {
            foreach (var silo in silos)
            {
                await silo.StartAsync();
            }

            foreach (var silo in silos)
            {
                while (!await silo.IsReadyAsync(cancellation))
                {
                    _ = silo.Process.HasExited ? throw new InvalidOperationException($"Silo {silo.Number} ended with {silo.Process.ExitCode}; see {directory}.") : 0;
                    await Task.Delay(500, cancellation);
                }
            }

            await using var client = await ChaosClient.ConnectAsync(database, cancellation);
            var definitions = await PrepareAsync(options, model, client, cancellation);
            Console.Error.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss} computing the undisturbed runs");
            var expected = new Dictionary<string, SortedDictionary<long, (Trial Trial, EvaluationOutcome Outcome)>>();
            using (var undisturbed = new UndisturbedRun(model))
            {
                foreach (var definition in definitions)
                {
                    expected.Add(definition.Name, await undisturbed.RunAsync(definition.Prepared, client.Contents, cancellation));
                }
            }

            Console.Error.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss} begins");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var running = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            var disturber = new Disturber(options, silos, proxy, client, () =>
            {
                lock (running)
                {
                    return [.. running.Keys];
                }
            });
            var disturbing = disturber.RunAsync(ended.Token);
            var results = new Dictionary<string, ChaosResult>();
            await Parallel.ForEachAsync(definitions, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellation }, async (definition, stop) =>
            {
                var began = DateTimeOffset.UtcNow;
                await client.StartAsync(definition, stop);
                lock (running)
                {
                    running.Add(definition.Name, began);
                }

                var standing = await client.EndAsync(definition.Name, stop);
                var time = DateTimeOffset.UtcNow - began;
                Console.Error.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss} {definition.Name} {standing.State} {standing.Reason} after {time.TotalSeconds:F0} s");
                lock (running)
                {
                    running.Remove(definition.Name);
                    results.Add(definition.Name, new ChaosResult(definition.Name, standing, began, time));
                }
            });
            await ended.CancelAsync();
            await disturbing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var container = new BlobContainerClient(azurite.ConnectionString, Container);
            foreach (var definition in definitions)
            {
                var objectives = PreparedRun.FromJson(definition.Prepared, StoredSpecification.Read).Objectives;
                results[definition.Name].Audit = await Audit.ReadAsync(container, definition.Name, objectives, expected[definition.Name], cancellation);
            }

            return ChaosReport.Print(options, [.. definitions.Select(d => results[d.Name])], disturber, proxy, client);
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }
        }

        SiloProcess NewSilo(int number)
        {
            var ports = FreePorts.Take(3);
            return new SiloProcess(ports[0], ports[1], ports[2], [.. settings, $"SuperNetworks:CacheDirectory={directory}/cache-{number}"])
            {
                Number = number,
                Log = Path.Combine(directory, $"silo-{number}.log"),
            };
        }
    }

    private static async Task<SearchDefinition[]> PrepareAsync(ChaosOptions options, string model, ChaosClient client, CancellationToken cancellation)
    {
        var spec = SearchSpecReader.ReadFile(ShippedSuperNetwork.SearchFile).SpecOrThrow(ShippedSuperNetwork.SearchFile);
        var tasks = new List<Core.Specification.TaskSpec>();
        foreach (var task in spec.Data.Tasks)
        {
            tasks.Add(task with { Path = await StoreAsync(client.Contents, Path.Combine(model, task.Path)) });
        }

        var definitions = new List<SearchDefinition>();
        for (var i = 1; i <= options.Searches; i++)
        {
            var specification = SearchSpecWriter.Write(spec with
            {
                Model = Path.GetFileName(model),
                Data = spec.Data with { Tasks = [.. tasks], SearchShare = SearchShare },
                Budget = spec.Budget with { Evaluations = options.Evaluations },
                Seed = (1000L * options.Seed) + i,
            });
            var prepared = await client.PrepareAsync(specification, cancellation);
            definitions.Add(new SearchDefinition { Name = $"chaos-{i:D2}", Specification = specification, Prepared = prepared, Started = DateTimeOffset.UtcNow });
        }

        return [.. definitions];

        async Task<string> StoreAsync(IContentStore contents, string path)
        {
            await using var file = File.OpenRead(path);
            return $"sha256:{await contents.PutAsync(file, cancellation)}";
        }
    }
}
