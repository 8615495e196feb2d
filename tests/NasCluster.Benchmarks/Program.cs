using BenchmarkDotNet.Running;
using NasCluster.Benchmarks.Compression;
using NasCluster.Benchmarks.Dispatch;
using NasCluster.Benchmarks.Efficiency;
using NasCluster.Benchmarks.Engine;
using NasCluster.Benchmarks.Fronts;
using NasCluster.Benchmarks.Nsga2;
using NasCluster.Benchmarks.Tasks;
using NasCluster.Benchmarks.Training;

// A comparison or measurement of our own by its name; anything else goes to BenchmarkDotNet.
switch (args.FirstOrDefault())
{
    case "nsga2":
        return Nsga2Comparison.Run();
    case "dispatch":
        return DispatchBenchmark.Run();
    case "engine":
        return EngineBenchmark.Run(args[1..]);
    case "compression":
        return CompressionBenchmark.Run(args[1..]);
    case "tasks":
        return TasksBenchmark.Run(args[1..]);
    case "training":
        return TrainingBenchmark.Run(args[1..]);
    case "efficiency" when args is [_, "table"]:
        return SmallWorldTableWriter.Run();
    case "efficiency" when args is [_, "tell", ..]:
        return TellBenchmark.Run(args[2..]);
    case "efficiency":
        return EfficiencyBenchmark.Run(args[1..]);
    case "fronts":
        return FrontComparison.Run(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
