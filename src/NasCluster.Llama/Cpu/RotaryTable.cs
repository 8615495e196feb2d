using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Cpu;

/// <summary>Cosines and sines of position x <see cref="LlamaConfiguration.RotaryFrequency"/>, computed in double and rounded once.</summary>
internal sealed class RotaryTable
{
    private readonly float[] _values;

    public RotaryTable(LlamaConfiguration configuration, int positions)
    {
        HalfHead = configuration.HeadSize / 2;
        Positions = positions;
        _values = new float[checked(2 * positions * HalfHead)];
        for (var i = 0; i < HalfHead; i++)
        {
            var frequency = configuration.RotaryFrequency(i);
            for (var position = 0; position < positions; position++)
            {
                var (sine, cosine) = Math.SinCos(position * frequency);
                _values[2 * ((position * HalfHead) + i)] = (float)cosine;
                _values[(2 * ((position * HalfHead) + i)) + 1] = (float)sine;
            }
        }
    }

    /// <summary>Rotary pairs of a head.</summary>
    public int HalfHead { get; }

    /// <summary>Positions in the table.</summary>
    public int Positions { get; }

    /// <summary>Cosine and sine for a position and a pair.</summary>
    public (float Cosine, float Sine) this[int position, int pair]
    {
        get
        {
            var at = 2 * ((position * HalfHead) + pair);
            return (_values[at], _values[at + 1]);
        }
    }
}
