using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;

namespace NasCluster.Core.Tests.Control.Sharing;

/// <summary>A directory with one-line ways to send each message; searches hold what their last sheet lent them unless a test says otherwise.</summary>
internal sealed class DirectoryScript
{
    public const string Network = "network";
    private readonly Dictionary<string, long> _numbers = [];
    private readonly DirectoryOptions _options;

    public DirectoryScript(DirectoryOptions? options = null)
    {
        _options = options ?? new DirectoryOptions { WarmUp = TimeSpan.Zero };
        Directory = new EvaluatorDirectory(_options, Now);
    }

    public DateTimeOffset Now { get; private set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public EvaluatorDirectory Directory { get; private set; }

    /// <summary>What each search holds by its latest sheets: the names, a called-back one with an exclamation mark.</summary>
    public Dictionary<string, ImmutableArray<Loan>> Loans { get; } = [];

    public void Restart() => Directory = new EvaluatorDirectory(_options, Now);

    public string[] Wait(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return Names(Directory.Tick(Now));
    }

    public string[] Announce(
        string evaluator, string? serves = null, string? loaded = null, bool isDraining = false, long life = 1, string silo = "s", int batchSize = 1) =>
        Names(Directory.Announce(Now, new EvaluatorAnnouncement(
            new EvaluatorId(evaluator), life, silo, batchSize, serves?.Split(' ').ToImmutableArray(), loaded is null ? [] : [loaded], isDraining)));

    /// <summary>Announces several evaluators that serve anything.</summary>
    public void AnnounceAll(params string[] evaluators)
    {
        foreach (var evaluator in evaluators)
        {
            Announce(evaluator);
        }
    }

    /// <summary>Enlists a search that holds what its last sheet lent it, except what it let go.</summary>
    /// <returns>The new sheet as text.</returns>
    public string Enlist(
        string search, int wanted, double weight = 1, string network = Network, string letGo = "", string idle = "", long? number = null)
    {
        var kept = Loans.GetValueOrDefault(search, []).Where(loan => !letGo.Split(' ').Contains(loan.Evaluator.Value));
        var reply = Claim(search, wanted, weight, network, number, [.. kept.Select(loan =>
            new LoanClaim(loan.Evaluator, loan.Life, loan.BatchSize, !idle.Split(' ').Contains(loan.Evaluator.Value)))]);
        Loans[search] = reply.Sheet.Loans;
        LastChanged = Names(reply.Changed);
        return Text(reply.Sheet.Loans);
    }

    public string[] LastChanged { get; private set; } = [];

    public EnlistReply Claim(string search, int wanted, double weight, string network, long? number, params LoanClaim[] held)
    {
        var next = number ?? _numbers.GetValueOrDefault(search) + 1;
        _numbers[search] = Math.Max(next, _numbers.GetValueOrDefault(search));
        return Directory.Enlist(Now, new Enlistment(new SearchId(search), next, weight, network, wanted, [.. held]));
    }

    public string[] Leave(string search) => Names(Directory.Leave(Now, new SearchId(search)));

    public string[] Lose(string evaluator) => Names(Directory.Lose(Now, new EvaluatorId(evaluator)));

    public string[] LoseSilo(string silo) => Names(Directory.LoseSilo(Now, silo));

    private static string Text(IEnumerable<Loan> loans) => string.Join(' ', loans.Select(loan => loan.Evaluator + (loan.IsCalledBack ? "!" : "")));

    private static string[] Names(IEnumerable<SearchId> searches) => [.. searches.Select(search => search.Value)];
}
