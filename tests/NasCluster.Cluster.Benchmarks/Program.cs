using NasCluster.Cluster.Benchmarks;
using NasCluster.Cluster.Benchmarks.Chaos;
using NasCluster.Cluster.Benchmarks.Throughput;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    var arguments = new Arguments(args.Skip(1));
    return args.FirstOrDefault() switch
    {
        "chaos" => await ChaosBenchmark.RunAsync(ChaosOptions.Read(arguments), stop.Token),
        "throughput" => await ThroughputBenchmark.RunAsync(ThroughputOptions.Read(arguments), stop.Token),
        "memory" => await MemoryBenchmark.RunAsync(stop.Token),
        _ => Usage(),
    };
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return Usage();
}
catch (NotSupportedException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        chaos [--searches N] [--parallel N] [--evaluations N] [--silos N] [--seconds S] [--seed K] [--pause S] [--faults P] [--only kill|freeze|leave|cut]
            searches on silos that are killed, frozen and cut from their storage; compared with the undisturbed runs
        throughput [--searches N] [--evaluations N] [--population N] [--evaluators N] [--batch N] [--storage memory|azurite|both]
            evaluations a second where evaluation itself takes no time
        memory
            what an idle search and 10,000 outcomes take
        """);
    return 2;
}
