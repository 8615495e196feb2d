namespace NasCluster.Core.Specification;

/// <summary>What is done besides the search to take channels out of a network without training: before it importance, after it repair.</summary>
public sealed record PruningSpec
{
    /// <summary>
    /// Share of the layers' weights that the network to be found keeps, in (0, 1]: masks of other sizes are not tried, and of the front the
    /// best network that is no larger is repaired and written. Null where there is no one size in mind: then nothing is written.
    /// </summary>
    public double? Keep { get; init; }

    /// <summary>How far below <see cref="Keep"/> the share of a mask may be.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>How importance is measured.</summary>
    public ImportanceName Importance { get; init; } = ImportanceName.None;

    /// <summary>How what is taken out is spread over the layers where masks begin, unless a policy gradient has found that out.</summary>
    public SpreadName Spread { get; init; } = SpreadName.Uniform;

    /// <summary>Sequences of the calibration part, of the data's window, that importance is measured on and weights are repaired with.</summary>
    public int Sequences { get; init; } = 128;

    /// <summary>What refines importance by trying.</summary>
    public PolicyGradientSpec PolicyGradient { get; init; } = new();

    /// <summary>How weights are repaired.</summary>
    public RepairName Repair { get; init; } = RepairName.None;

    /// <summary>In which state the search scores its candidates.</summary>
    public ScoredState Score { get; init; } = ScoredState.Cut;

    /// <summary>What is added to the diagonal of the Hessian where weights are repaired, as a share of its mean; null for the method's own.</summary>
    public double? Damping { get; init; }
}
