namespace NasCluster.Benchmarks.Dispatch;

/// <summary>A number over time and its integral.</summary>
internal sealed class Gauge(Func<double> now)
{
    private double _integral;
    private double _since;

    public int Value { get; private set; }

    /// <summary>Value times seconds, from the start until now.</summary>
    public double Integral => _integral + (Value * (now() - _since));

    public void Add(int change)
    {
        _integral = Integral;
        _since = now();
        Value += change;
    }
}
