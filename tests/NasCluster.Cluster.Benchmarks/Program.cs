using NasCluster.Cluster.Benchmarks;
using NasCluster.Cluster.Benchmarks.Chaos;

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
        _ => Usage(),
    };
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return Usage();
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        chaos [--searches N] [--parallel N] [--evaluations N] [--silos N] [--seconds S] [--seed K] [--quiet true]
            searches on silos that are killed, frozen and cut from their storage; compared with the undisturbed runs
        """);
    return 2;
}
