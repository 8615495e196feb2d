using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <summary>What a search asks of the directory, again and again; made by its <see cref="LoanBook"/>.</summary>
/// <param name="Search">Who.</param>
/// <param name="Number">Rises with every enlistment of the search, over restarts of its host, too: an older one that arrives late is ignored.</param>
/// <param name="Weight">Its part of the evaluators beside those of the others; above 0.</param>
/// <param name="SuperNetwork">Fingerprint of its super-network.</param>
/// <param name="Wanted">How many evaluators it could put to work, see <see cref="SearchController.EvaluatorsWanted"/>.</param>
/// <param name="Held">The evaluators it has at present. One that is not listed it has not, whatever it was lent before.</param>
public sealed record Enlistment(
    SearchId Search, long Number, double Weight, string SuperNetwork, int Wanted, ImmutableArray<LoanClaim> Held);
