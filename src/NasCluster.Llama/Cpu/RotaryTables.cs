using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Cpu;

/// <summary>A network's rotary table, made longer as longer sequences come.</summary>
/// <param name="configuration">The network.</param>
internal sealed class RotaryTables(LlamaConfiguration configuration)
{
    private readonly Lock _lock = new();
    private RotaryTable _table = new(configuration, Math.Min(configuration.MaximumPositions, 1024));

    /// <summary>A table of at least so many positions, as many as the network has at most.</summary>
    public RotaryTable For(int positions)
    {
        lock (_lock)
        {
            if (_table.Positions < positions)
            {
                var enough = (int)Math.Min(configuration.MaximumPositions, Math.Max(positions, 2L * _table.Positions));
                _table = new RotaryTable(configuration, enough);
            }

            return _table;
        }
    }
}
