using System.Collections.Immutable;

namespace NasCluster.Core.Control.Sharing;

/// <content>Who has what, and who gets what.</content>
public sealed partial class EvaluatorDirectory
{
    /// <summary>
    /// What a search may be owed, or have had too much, in quanta of one evaluator. An evaluation may last many quanta, and all of them
    /// count; but what a hung one kept from others is not paid back for hours.
    /// </summary>
    private const double MostOwed = 100;

    /// <summary>Puts to account what each search had beside its share of what all had. It matters only while somebody lacks evaluators.</summary>
    private void Account(double seconds)
    {
        if (IsWarmingUp || !_searches.Any(search => search.Lacks > 0))
        {
            return;
        }

        var most = MostOwed * _options.Quantum.TotalSeconds;
        var wanting = _searches.Where(search => search.Wanted > 0 || search.CalledBack > 0).ToArray();
        var had = wanting.Sum(Had);
        var share = wanting.Sum(search => search.Share);
        var sum = 0.0;
        foreach (var search in wanting)
        {
            // Evaluators on their way from one to another are nobody's: with all of them charged, everybody would be owed more and more.
            search.Owed += ((share > 0 ? search.Share * had / share : 0) - Had(search)) * seconds;
            sum += search.Owed;
        }

        foreach (var search in wanting)
        {
            search.Owed = Math.Clamp(search.Owed - (sum / wanting.Length), -most, most);
        }
    }

    /// <summary>What it can use of what it has: idle ones that nobody has called back yet cost nothing.</summary>
    private static int Had(SearchEntry search) => Math.Min(search.Kept, search.Wanted) + search.CalledBack;

    /// <summary>Takes in what a search says it has.</summary>
    private void Believe(SearchEntry search, ImmutableArray<LoanClaim> held)
    {
        var claimed = new HashSet<EvaluatorEntry>();
        foreach (var claim in held)
        {
            var evaluator = _evaluators.GetValueOrDefault(claim.Evaluator);
            if (evaluator is null && IsWarmingUp)
            {
                evaluator = new EvaluatorEntry(claim.Evaluator, claim.Life, claim.BatchSize) { LastHeard = _now };
                evaluator.SetServes([search.SuperNetwork]);
                _evaluators.Add(evaluator.Id, evaluator);
            }

            if (evaluator is null || evaluator.Life != claim.Life || (evaluator.Holder is { } other && other != search && evaluator.IsDelivered))
            {
                continue;
            }

            if (evaluator.Holder != search)
            {
                Free(evaluator);
                Lend(evaluator, search);
            }

            evaluator.IsDelivered = true;
            if (evaluator.IsDraining)
            {
                CallBack(evaluator);
            }

            evaluator.IsBusy = claim.IsBusy;
            claimed.Add(evaluator);
        }

        foreach (var evaluator in search.Loans.Where(evaluator => !claimed.Contains(evaluator)).ToArray())
        {
            // What it was told to let go it has let go; the rest it has yet to hear of.
            evaluator.IsDelivered = false;
            evaluator.IsBusy = false;
            if (evaluator.IsCalledBack)
            {
                Free(evaluator);
            }
        }
    }

    private void Lend(EvaluatorEntry evaluator, SearchEntry search)
    {
        evaluator.Holder = search;
        evaluator.IsDelivered = false;
        evaluator.IsBusy = false;
        search.Loans.Add(evaluator);
        search.HasNews = true;
        if (search.Kept > search.Floor)
        {
            search.SliceEnd = _now + _options.Quantum;
        }

        _isStale = true;
    }

    private void Free(EvaluatorEntry evaluator)
    {
        if (evaluator.Holder is not { } holder)
        {
            return;
        }

        holder.Loans.Remove(evaluator);
        holder.CalledBack -= evaluator.IsCalledBack ? 1 : 0;
        holder.HasNews = true;
        evaluator.Holder = null;
        evaluator.IsCalledBack = false;
        evaluator.IsDelivered = false;
        evaluator.IsBusy = false;
        _isStale = true;
        if (evaluator.Silo is null)
        {
            // Nobody but the search has spoken of it; it will announce itself if it lives.
            _evaluators.Remove(evaluator.Id);
        }
    }

    /// <summary>Has the holder let go of an evaluator; one it has not heard of is free at once.</summary>
    private void CallBack(EvaluatorEntry evaluator)
    {
        if (!evaluator.IsDelivered)
        {
            Free(evaluator);
        }
        else if (!evaluator.IsCalledBack)
        {
            evaluator.IsCalledBack = true;
            evaluator.Holder!.CalledBack++;
            evaluator.Holder.HasNews = true;
            _isStale = true;
        }
    }

    /// <summary>Brings the loans as near to the shares as can be without taking anything from anybody before it is needed.</summary>
    private void Share()
    {
        if (IsWarmingUp)
        {
            return;
        }

        _isStale = false;
        FairShares.Set(_searches, _evaluators.Values.Where(evaluator => !evaluator.IsDraining), _now);
        foreach (var search in _searches.Where(search => search.Kept > search.Floor && search.SliceEnd <= _now && search.Target > search.Floor))
        {
            search.SliceEnd = _now + _options.Quantum;
        }

        LendFree();
        if (_searches.Any(search => search.Kept < search.Target))
        {
            CallBackForOthers();
        }

        _isStale = false;
    }

    /// <summary>Lends what is free: first to those below their target, the furthest first, then to anybody who lacks evaluators.</summary>
    private void LendFree()
    {
        var free = _evaluators.Values.Where(evaluator => evaluator.IsFree).ToList();
        var lacking = _searches.Where(search => search.Lacks > 0).ToList();
        while (free.Count > 0 && lacking.Count > 0)
        {
            var search = lacking.MinBy(search => (search.Kept >= search.Target, search.Kept / Math.Max(search.Share, 1e-9), -search.Owed))!;
            var best = BestFor(search, free);
            if (best is null)
            {
                lacking.Remove(search);
                continue;
            }

            free.Remove(best);
            Lend(best, search);
            if (search.Lacks == 0)
            {
                lacking.Remove(search);
            }
        }
    }

    /// <summary>One that has the super-network in memory; then one that serves few others; then the first by name.</summary>
    private static EvaluatorEntry? BestFor(SearchEntry search, IEnumerable<EvaluatorEntry> evaluators) => evaluators
        .Where(evaluator => evaluator.CanServe(search.SuperNetwork))
        .MinBy(evaluator => (!evaluator.Loaded.Contains(search.SuperNetwork), evaluator.Serves?.Length ?? int.MaxValue));

    /// <summary>Calls back for every search below its target what will not come free for it anyway.</summary>
    private void CallBackForOthers()
    {
        var coming = _evaluators.Values.Where(evaluator => evaluator is { IsCalledBack: true, IsDraining: false }).ToList();
        foreach (var search in _searches.Where(search => search.Kept < search.Target))
        {
            for (var needs = search.Target - search.Kept; needs > 0; needs--)
            {
                if (BestFor(search, coming) is { } soon)
                {
                    coming.Remove(soon);
                }
                else if (!CallBackFor(search))
                {
                    break;
                }
            }
        }
    }

    /// <summary>
    /// Calls back one evaluator for a search from one above its target, or, where those have none it could use, from one that can be
    /// given another in its place.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    private bool CallBackFor(SearchEntry needy)
    {
        var from = new Dictionary<SearchEntry, EvaluatorEntry>(); // What each search reached would give.
        var queue = new Queue<SearchEntry>([needy]);
        var towards = new Dictionary<SearchEntry, SearchEntry>();
        while (queue.TryDequeue(out var receiver))
        {
            var givers = _searches.Where(search => search != needy && !from.ContainsKey(search))
                .OrderByDescending(search => search.Kept - search.Target)
                .ThenBy(search => search.Owed);
            foreach (var giver in givers)
            {
                var given = giver.Loans
                    .Where(evaluator => evaluator is { IsCalledBack: false } && evaluator.CanServe(receiver.SuperNetwork))
                    .MinBy(evaluator => (evaluator.IsDelivered, evaluator.IsBusy, !evaluator.Loaded.Contains(receiver.SuperNetwork)));
                if (given is null)
                {
                    continue;
                }

                from.Add(giver, given);
                towards.Add(giver, receiver);
                if (giver.Kept > giver.Target)
                {
                    Pass(giver, needy, from, towards);
                    return true;
                }

                queue.Enqueue(giver);
            }
        }

        return false;
    }

    private void Pass(SearchEntry giver, SearchEntry needy, Dictionary<SearchEntry, EvaluatorEntry> from, Dictionary<SearchEntry, SearchEntry> towards)
    {
        while (giver != needy)
        {
            var given = from[giver];
            var receiver = towards[giver];
            CallBack(given);
            if (given.Holder is null)
            {
                Lend(given, receiver); // It had not been delivered.
            }

            giver = receiver;
        }
    }
}
