using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Core.Tests.Control.Simulation;

namespace NasCluster.Core.Tests.Control.Sharing;

/// <summary>The real directory among searches and evaluators in virtual time, with messages that take time and get lost.</summary>
/// <remarks>After every message it checks what must hold at any moment.</remarks>
internal sealed class SharingWorld(ulong seed, DirectoryOptions options)
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (double Due, long Order)> _actions = new();
    private readonly SortedDictionary<string, (long Life, string? Serves, bool IsDraining)> _alive = new(StringComparer.Ordinal);
    private readonly Dictionary<SearchId, SearchEntryView> _before = [];
    private readonly Dictionary<string, int> _lostInARow = [];
    private readonly Mix _random = new(seed);
    private EvaluatorDirectory _directory = new(options, Epoch);
    private long _order;

    public double Now { get; private set; }

    public DateTimeOffset Time => Epoch + TimeSpan.FromSeconds(Now);

    public List<SharedSearch> Searches { get; } = [];

    /// <summary>The part of messages that get lost; never more than two in a row of one sender, with their answers.</summary>
    public double Loss { get; init; }

    /// <summary>Mean seconds of an evaluation.</summary>
    public double MeanTime { get; init; } = 30;

    /// <summary>Whether to check the directory after every message; it takes most of the time.</summary>
    public bool LooksAtEveryMessage { get; init; } = true;

    public int CallsBack { get; private set; }

    public Mix Random => _random;

    public IReadOnlyCollection<string> Alive => [.. _alive.Keys];

    public EvaluatorDirectory Directory => _directory;

    public void After(double seconds, Action action) => _actions.Enqueue(action, (Now + seconds, _order++));

    public double EvaluationTime() => MeanTime * (0.2 + (1.6 * _random.NextUnit()));

    public bool IsAlive(string evaluator, long life) => _alive.GetValueOrDefault(evaluator).Life == life;

    public SharedSearch Add(string name, double weight = 1, string network = "n", Func<double, int>? work = null)
    {
        var search = new SharedSearch(this, name, weight, network, work ?? (_ => 1_000_000));
        Searches.Add(search);
        search.Begin();
        return search;
    }

    public void Start(string evaluator, string? serves = null)
    {
        _alive[evaluator] = ((long)(Now * 1000) + 1, serves, false);
        Announce(evaluator, _alive[evaluator].Life);
    }

    public void Drain(string evaluator) => _alive[evaluator] = _alive[evaluator] with { IsDraining = true };

    public void Kill(string evaluator) => _alive.Remove(evaluator);

    public void RestartDirectory()
    {
        _directory = new EvaluatorDirectory(options, Time);
        _before.Clear();
    }

    public void Run(double until)
    {
        After(0, Tick);
        while (_actions.TryPeek(out _, out var due) && due.Due <= until)
        {
            Now = due.Due;
            _actions.Dequeue()();
        }

        Now = until;
        Searches.ForEach(search => search.Account());
    }

    /// <summary>Calls the directory and comes back with its answer, if neither gets lost.</summary>
    public void Call<T>(string sender, Func<EvaluatorDirectory, T> call, Func<T, ImmutableArray<SearchId>> changed, Action<T>? answer)
    {
        if (IsLost(sender))
        {
            return;
        }

        After(Delay(), () =>
        {
            var directory = _directory;
            var reply = call(directory);
            Check();
            Nudge(changed(reply));
            if (answer is not null && !IsLost(sender))
            {
                After(Delay(), () =>
                {
                    // An answer from before a restart is as good as lost: its call is broken with the directory's process.
                    if (directory == _directory)
                    {
                        answer(reply);
                    }
                });
            }
        });
    }

    /// <summary>A search takes an evaluator: nobody else may have it.</summary>
    public void Joined(SharedSearch search, string evaluator, long life)
    {
        foreach (var other in Searches.Where(other => other != search && other.Held.Contains((evaluator, life))))
        {
            Assert.Fail($"At {Now:F1} s {search.Id} takes evaluator {evaluator}, which {other.Id} still has.");
        }
    }

    private void Tick()
    {
        var changed = _directory.Tick(Time);
        Check();
        Nudge(changed);
        After(1, Tick);
    }

    private void Announce(string evaluator, long life)
    {
        if (IsAlive(evaluator, life))
        {
            var (_, serves, isDraining) = _alive[evaluator];
            Call(
                evaluator,
                directory => directory.Announce(Time, new EvaluatorAnnouncement(
                    new EvaluatorId(evaluator), life, "silo", 1, serves?.Split(' ').ToImmutableArray(), [], isDraining)),
                changed => changed,
                answer: null);
            After(2, () => Announce(evaluator, life));
        }
    }

    private void Nudge(ImmutableArray<SearchId> changed)
    {
        foreach (var search in Searches.Where(search => changed.Contains(search.Id) && !_random.Chance(Loss)))
        {
            After(Delay(), search.Enlist);
        }
    }

    private double Delay() => 0.001 + (0.02 * _random.NextUnit());

    private bool IsLost(string sender)
    {
        var before = _lostInARow.GetValueOrDefault(sender);
        var isLost = before < 2 && _random.Chance(Loss);
        _lostInARow[sender] = isLost ? before + 1 : 0;
        return isLost;
    }

    private void Check()
    {
        if (!LooksAtEveryMessage)
        {
            return;
        }

        var listings = _directory.Evaluators;
        var searches = _directory.Searches;
        var kept = listings.Where(one => one is { Search: not null, IsCalledBack: false })
            .GroupBy(one => one.Search!.Value).ToDictionary(group => group.Key, group => group.Count());
        var calledBack = listings.Where(one => one is { IsCalledBack: true, IsDraining: false })
            .GroupBy(one => one.Search!.Value).ToDictionary(group => group.Key, group => group.Select(one => one.Evaluator).ToHashSet());
        var free = listings.Where(one => one is { Search: null, IsDraining: false, Silo: not null }).ToArray();
        var isAnybodyShort = false;
        foreach (var search in searches)
        {
            var has = kept.GetValueOrDefault(search.Search);
            var view = Searches.Single(one => one.Id == search.Search);
            isAnybodyShort |= has < Math.Min(search.Wanted, Math.Ceiling(search.Share));
            var idle = free.FirstOrDefault(one => Serves(one.Evaluator.Value, view.Network));
            Assert.True(
                idle is null || has >= search.Wanted || IsWarmingUp,
                $"At {Now:F1} s {idle?.Evaluator} is idle while {search.Search} has {has} of {search.Wanted}.");
        }

        foreach (var (search, back) in calledBack)
        {
            var news = back.Except(_before.GetValueOrDefault(search)?.CalledBack ?? []).Count();
            Assert.True(news == 0 || isAnybodyShort, $"At {Now:F1} s {search} must give back {news} that nobody is due.");
            CallsBack += news;
        }

        _before.Clear();
        foreach (var (search, back) in calledBack)
        {
            _before[search] = new SearchEntryView(back);
        }
    }

    private bool IsWarmingUp => _directory.Searches.All(search => search.Share == 0);

    private bool Serves(string evaluator, string network) =>
        _alive.TryGetValue(evaluator, out var it) && (it.Serves is null || it.Serves.Split(' ').Contains(network));

    private sealed record SearchEntryView(HashSet<EvaluatorId> CalledBack);
}
