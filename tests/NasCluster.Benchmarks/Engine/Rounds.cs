using System.Diagnostics;
using System.Globalization;

namespace NasCluster.Benchmarks.Engine;

/// <summary>Repeated timings of one thing.</summary>
/// <param name="name">What.</param>
/// <param name="unit">Unit of work.</param>
/// <param name="work">Units done in a round.</param>
/// <param name="round">Does them.</param>
/// <param name="prepare">Done before each round, outside its time.</param>
internal sealed class Rounds(string name, string unit, double work, Action round, Action? prepare = null)
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
            prepare?.Invoke();
            round();
        }
        while (clock.Elapsed.TotalSeconds < 1);
    }

    /// <summary>Times one round.</summary>
    public void Once()
    {
        prepare?.Invoke();
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        round();
        _perSecond.Add(work / clock.Elapsed.TotalSeconds);
        _perProcessorSecond.Add(work / (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    /// <summary>How many times the work of other rounds these do per second of processor time: the median of neighbouring rounds, and its lowest and highest.</summary>
    public string TimesOf(Rounds other)
    {
        var ratios = _perProcessorSecond.Zip(other._perProcessorSecond, (own, theirs) => own / theirs).ToList();
        return $"{Figure(Median(ratios))} times [{Figure(ratios.Min())} .. {Figure(ratios.Max())}]";
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
