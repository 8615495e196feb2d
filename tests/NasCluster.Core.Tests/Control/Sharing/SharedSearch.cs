using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;

namespace NasCluster.Core.Tests.Control.Sharing;

/// <summary>A search of a <see cref="SharingWorld"/>: a <see cref="LoanBook"/> and as much of a controller as lending shows.</summary>
internal sealed class SharedSearch(SharingWorld world, string name, double weight, string network, Func<double, int> work)
{
    private readonly SortedDictionary<string, Seat> _seats = new(StringComparer.Ordinal);
    private readonly LoanBook _book = new(new SearchId(name), weight, network, start: 0);
    private double _since;
    private bool _isAsking;
    private bool _asksAgain;

    public SearchId Id { get; } = new(name);

    public double Weight => weight;

    public string Network => network;

    /// <summary>How many evaluators it could use at a time, those at work included.</summary>
    public int Work => work(world.Now);

    /// <summary>Evaluator-seconds it had so far.</summary>
    public double Used { get; private set; }

    public IEnumerable<(string Evaluator, long Life)> Held => _seats.Select(seat => (seat.Key, seat.Value.Life));

    /// <summary>Enlists now and every two seconds, until the world ends.</summary>
    public void Begin()
    {
        Enlist();
        world.After(2, Begin);
    }

    public void Enlist()
    {
        if (_isAsking)
        {
            _asksAgain = true;
            return;
        }

        _isAsking = true;
        _asksAgain = false;
        Fill();
        var atWork = _seats.Values.Count(seat => seat is { IsBusy: true, IsDraining: false });
        var call = _book.Enlist(HeldNow(), Math.Max(Work, atWork));
        var isAnswered = false;
        world.Call(name, directory => directory.Enlist(world.Time, call), reply => reply.Changed, reply =>
        {
            if (!isAnswered)
            {
                isAnswered = true;
                Apply(reply.Sheet);
                GoOn();
            }
        });
        world.After(3, () =>
        {
            if (!isAnswered)
            {
                isAnswered = true;
                GoOn();
            }
        });
    }

    /// <summary>Accounts for the time until now.</summary>
    public void Account()
    {
        Used += _seats.Count * (world.Now - _since);
        _since = world.Now;
    }

    private void GoOn()
    {
        _isAsking = false;
        if (_asksAgain)
        {
            Enlist();
        }
    }

    private ImmutableArray<HeldEvaluator> HeldNow() =>
        [.. _seats.Select(seat => new HeldEvaluator(new EvaluatorId(seat.Key), 1, seat.Value.IsBusy, seat.Value.IsDraining))];

    private void Apply(LoanSheet sheet)
    {
        foreach (var told in _book.Apply(world.Time, sheet, HeldNow()))
        {
            Account();
            switch (told)
            {
                case EvaluatorJoinedEvent joined:
                    var life = sheet.Loans.Single(loan => loan.Evaluator == joined.Evaluator).Life;
                    _seats[joined.Evaluator.Value] = new Seat(life);
                    world.Joined(this, joined.Evaluator.Value, life);
                    break;
                case EvaluatorDrainingEvent draining:
                    var seat = _seats[draining.Evaluator.Value];
                    Assert.False(seat.IsDraining);
                    seat.IsDraining = true;
                    if (!seat.IsBusy)
                    {
                        LetGo(draining.Evaluator.Value);
                    }

                    break;
                case EvaluatorLostEvent lost:
                    Assert.True(_seats.Remove(lost.Evaluator.Value));
                    break;
            }
        }

        Fill();
    }

    /// <summary>Puts idle evaluators to work.</summary>
    private void Fill()
    {
        foreach (var (evaluator, seat) in _seats)
        {
            if (!seat.IsBusy && !seat.IsDraining && _seats.Values.Count(other => other.IsBusy) < Work)
            {
                seat.IsBusy = true;
                world.After(world.EvaluationTime(), () => Done(evaluator, seat));
            }
        }
    }

    private void Done(string evaluator, Seat seat)
    {
        if (_seats.GetValueOrDefault(evaluator) != seat || !world.IsAlive(evaluator, seat.Life))
        {
            return;
        }

        seat.IsBusy = false;
        if (seat.IsDraining)
        {
            LetGo(evaluator);
        }

        Fill();
    }

    private void LetGo(string evaluator)
    {
        Account();
        _seats.Remove(evaluator);
        Enlist();
    }

    private sealed class Seat(long life)
    {
        public long Life { get; } = life;

        public bool IsBusy { get; set; }

        public bool IsDraining { get; set; }
    }
}
