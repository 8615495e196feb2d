using System.Diagnostics;
using System.Globalization;
using NasCluster.Core.Search.Nsga2;

namespace NasCluster.Benchmarks.Dispatch;

/// <summary>How busy 1,000 simulated evaluators are kept, alone and shared, beside what is possible; see <see cref="WorldOptions"/>.</summary>
internal static class DispatchBenchmark
{
    private static readonly Nsga2Options SteadyState = new() { Mode = Nsga2Mode.SteadyState, PopulationSize = 50 };

    /// <summary>Prints the tables.</summary>
    /// <returns>0 if every target is met, else 1.</returns>
    public static int Run()
    {
        var isMet = true;
        var clock = Stopwatch.StartNew();
        Print($"{new WorldOptions().Evaluators:N0} evaluators; log-normal times of mean 30 s, sigma 0.5; 1 % of evaluations fail; one evaluator dies");
        Print($"every 14 s, is missed after 6 s and replaced after 60 s; a write takes 5 ms. Shares are of the time of live evaluators.");
        Print($"");
        Print($"One steady-state search, target above 95 %:");
        Print($"");
        Print($"| batch | evaluations | virtual time | busy until the budget is given out | busy to the end | deaths | retries | s of processor time |");
        Print($"|-|-|-|-|-|-|-|-|");
        foreach (var batch in new[] { 1, 8 })
        {
            isMet &= OneSteadyState(batch) > 0.95;
        }

        Print($"");
        Print($"One generational search beside list scheduling of the same evaluations, target within 5 points:");
        Print($"");
        Print($"| batch | population | generations | busy | list scheduling | time | list scheduling | s of processor time |");
        Print($"|-|-|-|-|-|-|-|-|");
        foreach (var batch in new[] { 1, 8 })
        {
            foreach (var (population, generations) in new[] { (50, 8), (1_000, 5), (10_000, 3) })
            {
                isMet &= OneGenerational(batch, population, generations);
            }
        }

        Print($"");
        Print($"Eight searches together, over 20 minutes:");
        isMet &= EightSearches("steady-state, batch 1", new WorldOptions(), i => i + 1, SteadyState);
        isMet &= EightSearches("generations of 250, batch 1", new WorldOptions(), _ => 1, new Nsga2Options { PopulationSize = 250 });
        isMet &= EightSearches("steady-state on 3 evaluators", new WorldOptions { Evaluators = 3, MeanLife = 1e9 }, i => i + 1, SteadyState);
        Print($"");
        Print($"{(isMet ? "Every target is met." : "Not every target is met.")} {clock.Elapsed.TotalSeconds:F0} s.");
        return isMet ? 0 : 1;
    }

    private static double OneSteadyState(int batch)
    {
        var clock = Environment.CpuUsage.TotalTime;
        var budget = 40_000 * (batch == 1 ? 1 : 2);
        var world = new DispatchWorld(new WorldOptions { BatchSize = batch });
        var search = world.Add(1, SteadyState, budget);
        world.Run(10, () => false);
        var (busy, alive) = (search.Busy.Integral, world.Alive.Integral);
        world.Run(1e6, () => search.IsGivenOut);
        var until = (search.Busy.Integral - busy) / (world.Alive.Integral - alive);
        world.Run(1e6, () => search.IsFinished);
        var all = (search.Busy.Integral - busy) / (world.Alive.Integral - alive);
        var took = (Environment.CpuUsage.TotalTime - clock).TotalSeconds;
        Print($"| {batch} | {budget} | {world.Now:F0} s | {until:P1} | {all:P1} | {world.Deaths} | {search.Status.Retries} | {took:F0} |");
        return until;
    }

    private static bool OneGenerational(int batch, int population, int generations)
    {
        var clock = Environment.CpuUsage.TotalTime;
        var world = new DispatchWorld(new WorldOptions { BatchSize = batch });
        var search = world.Add(1, new Nsga2Options { PopulationSize = population }, population * generations);
        world.Run(1, () => false);
        var (start, alive) = (world.Now, world.Alive.Integral);
        world.Run(1e6, () => search.IsFinished);
        var time = world.Now - start;
        var busy = search.Busy.Integral / (world.Alive.Integral - alive);
        var bounds = Enumerable.Range(0, generations).Select(g => world.Times.ListSchedule(0, (long)g * population, population)).ToArray();
        var boundTime = bounds.Sum(bound => bound.Makespan);
        var boundBusy = bounds.Sum(bound => bound.Work) / (boundTime * world.Options.Evaluators);
        var took = (Environment.CpuUsage.TotalTime - clock).TotalSeconds;
        Print($"| {batch} | {population} | {generations} | {busy:P1} | {boundBusy:P1} | {time:F0} s | {boundTime:F0} s | {took:F0} |");
        return busy > boundBusy - 0.05;
    }

    private static bool EightSearches(string what, WorldOptions options, Func<int, double> weightOf, Nsga2Options algorithm)
    {
        const int searches = 8;
        var seconds = options.Evaluators < searches ? 40_000 : 1_200;
        var clock = Environment.CpuUsage.TotalTime;
        var world = new DispatchWorld(options);
        for (var i = 0; i < searches; i++)
        {
            world.Add(weightOf(i), algorithm, 500_000);
        }

        world.Run(120, () => false);
        var before = world.Searches.Select(search => search.Busy.Integral).ToArray();
        var alive = world.Alive.Integral;
        world.Run(120 + seconds, () => false);
        double[] used = [.. world.Searches.Select((search, i) => search.Busy.Integral - before[i])];
        var weights = world.Searches.Sum(search => search.Weight);
        var busy = used.Sum() / (world.Alive.Integral - alive);
        var took = (Environment.CpuUsage.TotalTime - clock).TotalSeconds;
        var isGenerational = algorithm.Mode == Nsga2Mode.Generational;
        var most = isGenerational ? MostBusy(world, algorithm.PopulationSize) : 1;
        Print($"");
        Print($"{what}: {busy:P1} busy of at most {most:P1}, {world.Overlaps} evaluators given out twice, {took:F0} s of processor time");
        Print($"");
        Print($"| weight | share | by weight |");
        Print($"|-|-|-|");
        var isFair = true;
        for (var i = 0; i < searches; i++)
        {
            var share = used[i] / used.Sum();
            var fair = world.Searches[i].Weight / weights;
            isFair &= isGenerational || Math.Abs(share - fair) < 0.05 * fair; // At its barrier a search wants less than its share.
            Print($"| {world.Searches[i].Weight} | {share:P2} | {fair:P2} |");
        }

        return isFair && busy > most - 0.05 && world.Overlaps == 0;
    }

    /// <summary>What searches by generations could keep busy if each had all evaluators to itself, over their first ten generations.</summary>
    private static double MostBusy(DispatchWorld world, int population)
    {
        var sum = 0.0;
        foreach (var search in world.Searches)
        {
            var bounds = Enumerable.Range(0, 10).Select(g => world.Times.ListSchedule(search.Number, (long)g * population, population)).ToArray();
            sum += bounds.Sum(bound => bound.Work) / bounds.Sum(bound => bound.Makespan);
        }

        return Math.Min(1, sum / world.Options.Evaluators);
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
