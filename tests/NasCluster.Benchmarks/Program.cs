using BenchmarkDotNet.Running;
using NasCluster.Benchmarks.Engine;

if (args is ["engine", ..])
{
    return EngineBenchmark.Run(args[1..]);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
