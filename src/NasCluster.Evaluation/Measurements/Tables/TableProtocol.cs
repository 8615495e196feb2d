namespace NasCluster.Evaluation.Measurements.Tables;

/// <summary>How a table's networks were measured.</summary>
/// <param name="NewTokens">Tokens decoded after those of the section.</param>
/// <param name="WarmUp">Calls before the first measured one, each time a network is cut out.</param>
/// <param name="Repeats">Measured calls then; their median counts.</param>
/// <param name="Rounds">How often every network was cut out and measured.</param>
/// <param name="Seed">Of the order in each round, and of the networks held out.</param>
public sealed record TableProtocol(int NewTokens, int WarmUp, int Repeats, int Rounds, long Seed);
