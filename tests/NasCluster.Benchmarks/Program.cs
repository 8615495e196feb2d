using BenchmarkDotNet.Running;
using NasCluster.Benchmarks.Nsga2;

// A comparison with a peer by its name; anything else goes to BenchmarkDotNet.
switch (args.FirstOrDefault())
{
    case "nsga2":
        return Nsga2Comparison.Run();
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
