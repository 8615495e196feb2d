namespace NasCluster.Llama.Training;

/// <summary>
/// What a sub-network's loss is made of besides the true tokens, and what is kept of it:
/// (1 - <see cref="SoftShare"/>) x cross-entropy + <see cref="SoftShare"/> x KL(teacher, network), the two sides of InstaTune's loss
/// (arXiv 2308.15609) with its a = 1 - <see cref="SoftShare"/>.
/// </summary>
/// <remarks>The teacher is fixed, so its divergence and the cross-entropy by its distribution have the same gradient.</remarks>
public sealed record LossTerms
{
    /// <summary>Only the true tokens.</summary>
    public static LossTerms TrueTokens { get; } = new();

    /// <summary>What the network is to learn besides; null for nothing.</summary>
    public TokenDistributions? Teacher { get; init; }

    /// <summary>The teacher's part of the loss, in [0, 1]; of no meaning without one.</summary>
    public float SoftShare { get; init; }

    /// <summary>Receives what the network itself expects; null to keep nothing.</summary>
    public TokenDistributions? Record { get; init; }
}
