using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <summary>The answer to an <see cref="Enlistment"/>.</summary>
/// <param name="Sheet">What the search may have.</param>
/// <param name="Changed">Other searches whose sheet changed: telling them to enlist saves them the wait.</param>
public sealed record EnlistReply(LoanSheet Sheet, ImmutableArray<SearchId> Changed);
