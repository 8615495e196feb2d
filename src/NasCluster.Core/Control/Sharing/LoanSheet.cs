using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <summary>Every evaluator that a search may have; any other it must let go.</summary>
/// <param name="Number">Number of the <see cref="Enlistment"/> that it answers.</param>
/// <param name="Loans">By name of the evaluator.</param>
public sealed record LoanSheet(long Number, ImmutableArray<Loan> Loans);
