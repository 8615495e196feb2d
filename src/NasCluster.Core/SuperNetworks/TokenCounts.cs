namespace NasCluster.Core.SuperNetworks;

/// <summary>How many tokens were asked for, and how many computed: fewer where sequences begin alike.</summary>
/// <remarks>
/// The last token of a request is only a target and counts as neither. Tokens count once for each architecture, layers that
/// architectures have in common notwithstanding.
/// </remarks>
/// <param name="Asked">Tokens before each request's last, over all requests.</param>
/// <param name="Computed">Tokens that went through the network.</param>
public readonly record struct TokenCounts(long Asked, long Computed)
{
    /// <summary>What was counted since an earlier reading.</summary>
    public TokenCounts Since(TokenCounts earlier) => new(Asked - earlier.Asked, Computed - earlier.Computed);
}
