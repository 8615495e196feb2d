using System.Collections.Immutable;

namespace NasCluster.Llama.Calibration;

/// <summary>What a calibration pass keeps.</summary>
public sealed record CalibrationOptions
{
    private readonly int _leastTokens = 1024;

    /// <summary>Which Gram matrices; by default those that repair needs.</summary>
    public GramInputs Grams { get; init; } = GramInputs.Repair;

    /// <summary>Of which layers; null for all. A network too large for all its matrices at once is gone through several times.</summary>
    public ImmutableArray<int>? GramLayers { get; init; }

    /// <summary>Fewer tokens than these are an error, and not statistics that mean little. By default 1,024; the papers take 128 x 2,048.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int LeastTokens
    {
        get => _leastTokens;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _leastTokens = value;
        }
    }

    internal bool Keeps(int layer, LayerInput input) => Grams.HasFlag((GramInputs)(1 << (int)input)) && (GramLayers is not { } layers || layers.Contains(layer));
}
