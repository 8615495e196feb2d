using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <summary>A search's side of the lending: makes its enlistments, and turns the answers into events for its <see cref="SearchController"/>.</summary>
/// <remarks>
/// <para>One per controller, made with it. Not thread-safe.</para>
/// <para>
/// Only the answer to the latest enlistment counts. Together with the directory ignoring all but the latest enlistment, this makes sure
/// that an evaluator which an enlistment does not list is not with the search, and does not get there by a message from before.
/// </para>
/// </remarks>
/// <param name="search">The search.</param>
/// <param name="weight">Its weight.</param>
/// <param name="superNetwork">Fingerprint of its super-network.</param>
/// <param name="start">A number above all that earlier books of the search reached, such as the ticks of the clock in UTC.</param>
public sealed class LoanBook(SearchId search, double weight, string superNetwork, long start)
{
    private readonly Dictionary<EvaluatorId, long> _lives = [];
    private long _number = start;
    private bool _awaitsSheet;
    private int _wanted;
    private int _granted;

    /// <summary>Whether a new wish is worth an enlistment before the next regular one.</summary>
    /// <remarks>
    /// It is when the search begins or ceases to lack evaluators, or to have too many. A busy search's wish changes with every report, but
    /// as long as it has fewer than it wants the directory would do nothing about it.
    /// </remarks>
    /// <param name="wanted">How many evaluators the search could put to work.</param>
    public bool IsNews(int wanted) => wanted.CompareTo(_granted) != _wanted.CompareTo(_granted);

    /// <summary>The next enlistment.</summary>
    /// <param name="held">What the controller has, all events handed to it before included.</param>
    /// <param name="wanted">How many evaluators it could put to work.</param>
    public Enlistment Enlist(ImmutableArray<HeldEvaluator> held, int wanted)
    {
        foreach (var gone in _lives.Keys.Except(held.Select(one => one.Evaluator)).ToArray())
        {
            _lives.Remove(gone);
        }

        _awaitsSheet = true;
        _wanted = wanted;
        var claims = held.Where(one => _lives.ContainsKey(one.Evaluator))
            .Select(one => new LoanClaim(one.Evaluator, _lives[one.Evaluator], one.BatchSize, one.IsBusy));
        return new Enlistment(search, ++_number, weight, superNetwork, wanted, [.. claims]);
    }

    /// <summary>What a sheet changes.</summary>
    /// <param name="at">The time of the events.</param>
    /// <param name="sheet">The answer to an enlistment; nothing changes if it is not the latest, or was applied before.</param>
    /// <param name="held">What the controller has, all events handed to it before included.</param>
    /// <returns>Events to hand to the controller, in order: evaluators that vanished, are called back, and are new.</returns>
    public ImmutableArray<ControllerEvent> Apply(DateTimeOffset at, LoanSheet sheet, ImmutableArray<HeldEvaluator> held)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        if (sheet.Number != _number || !_awaitsSheet)
        {
            return [];
        }

        _awaitsSheet = false;
        _granted = sheet.Loans.Count(loan => !loan.IsCalledBack);
        var loans = sheet.Loans.ToDictionary(loan => loan.Evaluator);
        var known = held.ToDictionary(one => one.Evaluator);
        var events = ImmutableArray.CreateBuilder<ControllerEvent>();
        foreach (var one in held)
        {
            if (!loans.TryGetValue(one.Evaluator, out var loan) || (loan.IsCalledBack && !IsSameLife(loan)))
            {
                _lives.Remove(one.Evaluator);
                events.Add(new EvaluatorLostEvent(at, one.Evaluator));
            }
        }

        foreach (var loan in sheet.Loans)
        {
            if (loan.IsCalledBack && IsSameLife(loan) && known.TryGetValue(loan.Evaluator, out var one) && !one.IsDraining)
            {
                events.Add(new EvaluatorDrainingEvent(at, loan.Evaluator));
            }
        }

        foreach (var loan in sheet.Loans)
        {
            // Joining again tells the controller that what the earlier life held is lost.
            if (!loan.IsCalledBack && (!known.ContainsKey(loan.Evaluator) || !IsSameLife(loan)))
            {
                _lives[loan.Evaluator] = loan.Life;
                events.Add(new EvaluatorJoinedEvent(at, loan.Evaluator, loan.BatchSize));
            }
        }

        return events.ToImmutable();
    }

    private bool IsSameLife(Loan loan) => _lives.TryGetValue(loan.Evaluator, out var life) && life == loan.Life;
}
