namespace NasCluster.Core.Tests.Control.Simulation;

/// <summary>A small seeded generator (SplitMix64) that can also take values in.</summary>
internal sealed class Mix(ulong state)
{
    private ulong _state = state;

    public void Add(ulong value)
    {
        _state ^= value;
        Draw();
    }

    public int Next(int below) => (int)(Draw() % (ulong)below);

    public double NextUnit() => (Draw() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => NextUnit() < probability;

    private ulong Draw()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
