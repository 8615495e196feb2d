using System.Diagnostics;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Llama.Cpu;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Engine;

/// <summary>Speed of scoring multiple choice: one task on the whole network, and whole populations on two tasks as a search evaluates them.</summary>
internal static class ChoicesBenchmark
{
    private const int PopulationSize = 50;

    // Workers, threads of each, and candidates that one takes at once.
    private static readonly (int Workers, int Threads, int Batch)[] Ways = [(2, 1, 1), (2, 1, 5), (2, 1, 25), (1, 2, 1), (1, 2, 10), (1, 2, 50)];

    /// <summary>One task of 190 questions on the whole network.</summary>
    public static void RunTask(double seconds)
    {
        using var checkpoint = RandomCheckpoint.Make(ChoiceTask.Configuration, 1);
        using var one = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 1 });
        using var two = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        var requests = ChoiceTask.Requests(tasks: 1);
        Rounds Scoring(string name, CpuSuperNetwork network) => new(
            name, "questions", ChoiceTask.Questions, () => network.Score([ChoiceTask.Configuration.FullArchitecture], requests, default));
        Console.WriteLine($"8 x 192, {ChoiceTask.Questions} questions of 24 to 36 tokens with 4 answers of one token");
        Rounds[] all = [Scoring("1 thread", one), Scoring("2 threads", two)];
        Array.ForEach(all, r => r.WarmUp());
        Measure(all, seconds, leastRounds: 3);
    }

    /// <summary>50 random sub-networks on two such tasks, by numbers of workers and candidates that one takes at once.</summary>
    public static void RunPopulation(double seconds)
    {
        using var checkpoint = RandomCheckpoint.Make(ChoiceTask.Configuration, 1);
        using var one = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 1 });
        using var two = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        var requests = ChoiceTask.Requests(tasks: 2);
        var population = ChoiceTask.Population(PopulationSize);
        Console.WriteLine($"{PopulationSize} sub-networks of 5 to 8 layers, two tasks of {ChoiceTask.Questions} questions");
        new LikelihoodPass(two, new DeviceGate()).Run(population[..5], requests, null, default);
        Measure([.. Ways.Select(w => new Rounds($"{w.Workers} worker(s), {w.Threads} thread(s), batch {w.Batch}", "evaluations", PopulationSize, () =>
        {
            var pass = new LikelihoodPass(w.Threads == 1 ? one : two, new DeviceGate());
            var batches = population.Chunk(w.Batch).ToArray();
            var next = -1;
            var workers = Enumerable.Range(0, w.Workers).Select(_ => new Thread(() =>
            {
                for (var batch = Interlocked.Increment(ref next); batch < batches.Length; batch = Interlocked.Increment(ref next))
                {
                    pass.Run(batches[batch], requests, null, default);
                }
            })).ToArray();
            Array.ForEach(workers, t => t.Start());
            Array.ForEach(workers, t => t.Join());
        }))], seconds, leastRounds: 1);
    }

    private static void Measure(Rounds[] all, double seconds, int leastRounds)
    {
        var clock = Stopwatch.StartNew();
        do
        {
            Array.ForEach(all, r => r.Once());
        }
        while (clock.Elapsed.TotalSeconds < seconds || all[0].Count < leastRounds);
        Array.ForEach(all, r => r.Print());
    }
}
