using NasCluster.Contracts.Searches;

namespace NasCluster.Cluster.Benchmarks.Throughput;

/// <summary>What searches take of a silo's memory: the heap after a full collection, and what it grew by.</summary>
internal static class MemoryBenchmark
{
    private const int IdleSearches = 100;
    private const int Evaluations = 50_000;
    private const int Recorded = 40_000;

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using (var cluster = await TableCluster.StartAsync(0, 8, null))
        {
            // One first, for what is there once only.
            await StartAsync(cluster, 1, 0);
            var before = await HeapAsync(cancellation);
            await StartAsync(cluster, IdleSearches, 1);
            Console.WriteLine($"| a search that waits for evaluators, population 50 | {(await HeapAsync(cancellation) - before) / 1e3 / IdleSearches:F0} kB |");
        }

        await using (var cluster = await TableCluster.StartAsync(8, 64, null))
        {
            await cluster.RunAsync([cluster.Prepare(5_000, 1_000, 1)]);
            var before = await HeapAsync(cancellation);
            var definition = cluster.Prepare(Evaluations, 1_000, 2);
            await cluster.Grains.GetGrain<ISearchCatalogGrain>(0).StartAsync(definition, cancellation);
            var search = cluster.Grains.GetGrain<IPopulationGrain>(definition.Name);
            while ((await search.GetProgressAsync(cancellation)).Recorded < Recorded)
            {
                await Task.Delay(20, cancellation);
            }

            await search.PauseAsync(cancellation);
            var heap = await HeapAsync(cancellation);
            var recorded = (await search.GetProgressAsync(cancellation)).Recorded;
            Console.WriteLine($"| 10,000 outcomes of a search in progress, {recorded:N0} recorded: controller, log index, archive, cache, and the memory that stands for storage | {(heap - before) / 1e6 / recorded * 1e4:F1} MB |");
        }

        return 0;
    }

    private static async Task StartAsync(TableCluster cluster, int count, int seed)
    {
        for (var i = 0; i < count; i++)
        {
            await cluster.Grains.GetGrain<ISearchCatalogGrain>(0).StartAsync(cluster.Prepare(1_000, 50, seed + i), default);
        }
    }

    /// <summary>The heap once nothing is under way any more.</summary>
    private static async Task<long> HeapAsync(CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
