namespace NasCluster.Core.Control.Sharing;

/// <summary>A search as the directory knows it.</summary>
/// <param name="Search">Who.</param>
/// <param name="Weight">Its part of the evaluators beside those of the others.</param>
/// <param name="Wanted">How many evaluators it could put to work.</param>
/// <param name="Share">How many it ought to have; rarely whole.</param>
/// <param name="Lent">How many it has, those called back included.</param>
/// <param name="Owed">Evaluator-seconds that it got less than its share, or more if negative; see <see cref="EvaluatorDirectory"/>.</param>
public sealed record SearchListing(SearchId Search, double Weight, int Wanted, double Share, int Lent, double Owed);
