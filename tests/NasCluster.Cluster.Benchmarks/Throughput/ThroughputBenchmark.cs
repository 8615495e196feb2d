using System.Diagnostics;
using NasCluster.Core.Control;
using NasCluster.Core.Storage.Runs;
using NasCluster.Grains.Storage;
using NasCluster.Pipeline.Prepared;
using NasCluster.Silo.Evaluation;

namespace NasCluster.Cluster.Benchmarks.Throughput;

/// <summary>How many evaluations a second the cluster's own part allows, where evaluation itself takes no time.</summary>
internal static class ThroughputBenchmark
{
    private const double OneTarget = 5_000;
    private const double EightTarget = 20_000;

    public static async Task<int> RunAsync(ThroughputOptions options, CancellationToken cancellation)
    {
        Console.WriteLine($"NSGA-II, generations of {options.Population:N0}, {options.Evaluations:N0} evaluations a search; {options.Evaluators} evaluators, batches of {options.Batch}; {Environment.ProcessorCount} cores");
        Console.WriteLine();
        Console.WriteLine("| storage | searches | evaluations/s | evaluations/s per core used | cores used | kB allocated per evaluation | collections 0/1/2 |");
        Console.WriteLine("|-|-|-|-|-|-|-|");
        var (one, eight) = (double.PositiveInfinity, double.PositiveInfinity);
        if (options.Storage != "azurite")
        {
            (one, eight) = await MeasureAsync("memory", options, null);
        }

        if (options.Storage != "memory")
        {
            await using var azurite = await AzuriteServer.StartAsync();
            await MeasureAsync("Azurite", options, azurite.ConnectionString);
        }

        Console.WriteLine();
        Alone(options);
        return one >= OneTarget && eight >= EightTarget ? 0 : 1;
    }

    private static async Task<(double One, double Eight)> MeasureAsync(string name, ThroughputOptions options, string? storage)
    {
        await using var cluster = await TableCluster.StartAsync(options.Evaluators, options.Batch, storage);

        // The first search finds the directory of evaluators just started, and all code not yet compiled.
        await cluster.RunAsync([cluster.Prepare(5_000, options.Population, 1)]);
        return options.Searches > 0
            ? (double.PositiveInfinity, await MeasureAsync(name, cluster, options, options.Searches))
            : (await MeasureAsync(name, cluster, options, 1), await MeasureAsync(name, cluster, options, 8));
    }

    private static async Task<double> MeasureAsync(string name, TableCluster cluster, ThroughputOptions options, int count)
    {
        var searches = Enumerable.Range(1, count).Select(i => cluster.Prepare(options.Evaluations, options.Population, (100 * count) + i)).ToArray();
        GC.Collect();
        var (cpu, bytes, clock) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.StartNew());
        int[] collections = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];
        await cluster.RunAsync(searches);
        var seconds = clock.Elapsed.TotalSeconds;
        var cores = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / seconds;
        var perEvaluation = (GC.GetTotalAllocatedBytes() - bytes) / 1e3 / (count * options.Evaluations);
        var rate = count * options.Evaluations / seconds;
        foreach (var search in searches)
        {
            var outcomes = await new CellRunStore(cluster.Service<CellStorage>().OfSearch(search.Name), "benchmark").ReadOutcomesAsync(default);
            if (outcomes.Count != options.Evaluations || outcomes.Any(o => o.Source == OutcomeSource.Parked))
            {
                throw new InvalidOperationException($"{search.Name} has {outcomes.Count} outcomes.");
            }
        }

        Console.WriteLine(
            $"| {name} | {count} | {rate:N0} | {rate / cores:N0} | {cores:F2} | {perEvaluation:F1} | {GC.CollectionCount(0) - collections[0]}/{GC.CollectionCount(1) - collections[1]}/{GC.CollectionCount(2) - collections[2]} |");
        return rate;
    }

    /// <summary>The search and its keys without any cluster: what no cluster can be faster than on one core.</summary>
    private static void Alone(ThroughputOptions options)
    {
        var cluster = TableCluster.PrepareAlone(options.Evaluations, options.Population, 101);
        var job = PreparedRun.FromJson(cluster, StoredSpecification.Read);
        var device = new TableDevice("alone", options.Batch);
        var session = device.OpenAsync(cluster, () => { }, default).AsTask().GetAwaiter().GetResult();
        var search = job.CreateSearch(null);
        var clock = Stopwatch.StartNew();
        var keys = TimeSpan.Zero;
        while (!search.IsFinished)
        {
            var trials = search.Ask(options.Batch);
            var before = clock.Elapsed;
            foreach (var trial in trials)
            {
                job.KeyOf(trial.Genome);
            }

            keys += clock.Elapsed - before;
            var outcomes = session.Evaluator.Evaluate([.. trials.Select(t => session.Space.CandidateOf(t.Genome))], null, default);
            for (var i = 0; i < trials.Count; i++)
            {
                search.Tell(trials[i].Id, outcomes[i]);
            }
        }

        Console.WriteLine($"Search, keys and table alone, on one core: {options.Evaluations / clock.Elapsed.TotalSeconds:N0} evaluations/s; keys are {keys / clock.Elapsed:P0} of that.");
    }
}
