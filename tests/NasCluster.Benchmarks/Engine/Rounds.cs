using System.Diagnostics;
using System.Globalization;

namespace NasCluster.Benchmarks.Engine;

/// <summary>Repeated timings of one thing.</summary>
/// <param name="name">What.</param>
/// <param name="unit">Unit of work.</param>
/// <param name="work">Units done in a round.</param>
/// <param name="round">Does them.</param>
internal sealed class Rounds(string name, string unit, double work, Action round)
{
    private readonly List<double> _perSecond = [];
    private readonly List<double> _perProcessorSecond = [];

    public string Name => name;

    public int Count => _perSecond.Count;

    /// <summary>Median of work per second of processor time, over all threads.</summary>
    public double PerProcessorSecond => Median(_perProcessorSecond);

    /// <summary>Lets the just-in-time compiler finish.</summary>
    public void WarmUp()
    {
        var clock = Stopwatch.StartNew();
        do
        {
            round();
        }
        while (clock.Elapsed.TotalSeconds < 1);
    }

    /// <summary>Times one round.</summary>
    public void Once()
    {
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        round();
        _perSecond.Add(work / clock.Elapsed.TotalSeconds);
        _perProcessorSecond.Add(work / (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    public void Print()
    {
        Console.WriteLine(
            $"  {name,-38} {Figure(Median(_perSecond)),8} {unit}/s [{Figure(_perSecond.Min())} .. {Figure(_perSecond.Max())}], "
            + $"{Figure(PerProcessorSecond)} per processor second [{Figure(_perProcessorSecond.Min())} .. {Figure(_perProcessorSecond.Max())}], {Count} rounds");
    }

    private static string Figure(double value) => value.ToString(value < 20 ? "F2" : "F0", CultureInfo.InvariantCulture);

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
