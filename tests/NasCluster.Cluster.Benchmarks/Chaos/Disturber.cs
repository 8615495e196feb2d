using NasCluster.Cluster.Benchmarks.Faults;

namespace NasCluster.Cluster.Benchmarks.Chaos;

/// <summary>Kills silos, freezes them, tells them to leave, and cuts storage, in an order that a seed decides; sees to it that silos that ended are started again.</summary>
internal sealed class Disturber(ChaosOptions options, IReadOnlyList<SiloProcess> silos, FaultProxy proxy, ChaosClient client, Func<IReadOnlyCollection<string>> running)
{
    /// <summary>Above a lease of 20 s, and far above the time after which a silent silo counts as dead.</summary>
    private static readonly TimeSpan FreezeTime = TimeSpan.FromSeconds(26);

    /// <summary>The grace period of an evaluator, and time for everything else that a silo does before it ends; then Kubernetes would kill it.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan CutTime = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(options.Seed);
    private readonly List<Event> _events = [];
    private readonly HashSet<int> _resting = [];
    private bool _isCut;

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<Event> Events => _events;

    /// <summary>Silos that ended by themselves: zombies that found out that they are dead, and starts that failed.</summary>
    public int EndedThemselves { get; private set; }

    /// <summary>With what code, and after how long, silos ended that were told to leave; no code for one that did not.</summary>
    public List<(int? ExitCode, TimeSpan Time)> LeftWith { get; } = [];

    /// <summary>Disturbs for as long as the options say; then makes everything well again and keeps it so.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keeping = KeepAsync(ended.Token);
        var until = DateTimeOffset.UtcNow.AddSeconds(options.Seconds);
        proxy.Probability = options.Faults;
        var tasks = new List<Task>();
        try
        {
            while (DateTimeOffset.UtcNow < until)
            {
                await Task.Delay(TimeSpan.FromSeconds(options.Pause * (0.5 + _random.NextDouble())), cancellation);

                // All numbers are drawn before anything is looked at, so that the schedule is the seed's alone.
                var (draw, choice, rest) = (_random.NextDouble(), _random.Next(), 4 + (6 * _random.NextDouble()));
                var kind = options.Only ?? draw switch { < 0.10 => EventKind.Cut, < 0.22 => EventKind.Freeze, < 0.40 => EventKind.Leave, _ => EventKind.Kill };
                if (kind == EventKind.Cut)
                {
                    tasks.Add(CutAsync(cancellation));
                }
                else if (await ChooseAsync(choice, mustCarry: kind != EventKind.Kill, cancellation) is { } victim)
                {
                    _resting.Add(victim.Number);
                    tasks.Add(kind switch
                    {
                        EventKind.Freeze => FreezeAsync(victim, cancellation),
                        EventKind.Leave => LeaveAsync(victim, TimeSpan.FromSeconds(rest), cancellation),
                        _ => KillAsync(victim, TimeSpan.FromSeconds(rest), cancellation),
                    });
                }
            }

            await Task.WhenAll(tasks);
            proxy.Probability = 0;
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A silo that may be struck: while two others are ready at least, so that the cluster is never gone as a whole.</summary>
    /// <param name="choice">Which one.</param>
    /// <param name="mustCarry">Whether one that carries out searches goes before others: only such a one comes back as a rival of its successor, or has something to hand over.</param>
    /// <param name="cancellation">Ends it.</param>
    private async Task<SiloProcess?> ChooseAsync(int choice, bool mustCarry, CancellationToken cancellation)
    {
        var isReady = await Task.WhenAll(silos.Select(s => _resting.Contains(s.Number) ? Task.FromResult(false) : IsAliveAsync(s)));
        var ready = silos.Where((_, i) => isReady[i]).ToArray();
        if (ready.Length <= Math.Min(2, silos.Count - 1))
        {
            return null;
        }

        if (mustCarry)
        {
            var carried = await Task.WhenAll(ready.Select(CarriedOutByAsync));
            var carriers = ready.Where((_, i) => carried[i].Count > 0).ToArray();
            ready = carriers.Length > 0 ? carriers : ready;
        }

        return ready[choice % ready.Length];

        // While storage is cut nobody is ready, yet all are there.
        async Task<bool> IsAliveAsync(SiloProcess silo) => !silo.Process.HasExited && (_isCut || await silo.IsReadyAsync(cancellation));
    }

    private async Task KillAsync(SiloProcess silo, TimeSpan rest, CancellationToken cancellation)
    {
        var searches = await CarriedOutByAsync(silo);
        _events.Add(new Event(DateTimeOffset.UtcNow, EventKind.Kill, silo.Number, searches));
        silo.Process.Kill();
        Say($"killed silo {silo.Number} with {Names(searches)}");
        await Task.Delay(rest, cancellation);
        _resting.Remove(silo.Number);
    }

    private async Task LeaveAsync(SiloProcess silo, TimeSpan rest, CancellationToken cancellation)
    {
        var searches = await CarriedOutByAsync(silo);
        var at = DateTimeOffset.UtcNow;
        _events.Add(new Event(at, EventKind.Leave, silo.Number, searches));
        silo.Process.AskToEnd();
        Say($"told silo {silo.Number} to leave, with {Names(searches)}");
        try
        {
            LeftWith.Add((await silo.Process.WaitAsync(LeaveTime), DateTimeOffset.UtcNow - at));
            Say($"silo {silo.Number} left after {LeftWith[^1].Time.TotalSeconds:F1} s with {LeftWith[^1].ExitCode}");
        }
        catch (TimeoutException)
        {
            LeftWith.Add((null, LeaveTime));
            Say($"silo {silo.Number} has not left after {LeaveTime.TotalSeconds:F0} s");
        }

        await Task.Delay(rest, cancellation);
        await silo.StartAsync();
        _resting.Remove(silo.Number);
    }

    private async Task FreezeAsync(SiloProcess silo, CancellationToken cancellation)
    {
        var searches = await CarriedOutByAsync(silo);
        _events.Add(new Event(DateTimeOffset.UtcNow, EventKind.Freeze, silo.Number, searches));
        silo.Freeze();
        Say($"froze silo {silo.Number} with {Names(searches)}");
        try
        {
            await Task.Delay(FreezeTime, cancellation);
        }
        finally
        {
            silo.Thaw();
            Say($"thawed silo {silo.Number}");
            _resting.Remove(silo.Number);
        }
    }

    private async Task CutAsync(CancellationToken cancellation)
    {
        if (_isCut)
        {
            return;
        }

        _events.Add(new Event(DateTimeOffset.UtcNow, EventKind.Cut, null, []));
        (_isCut, proxy.IsCut) = (true, true);
        Say("cut storage");
        try
        {
            await Task.Delay(CutTime, cancellation);
        }
        finally
        {
            (_isCut, proxy.IsCut) = (false, false);
        }
    }

    private async Task<IReadOnlyList<string>> CarriedOutByAsync(SiloProcess silo)
    {
        var names = running().Order(StringComparer.Ordinal).ToArray();
        var ports = await Task.WhenAll(names.Select(client.FindAsync));
        return [.. names.Where((_, i) => ports[i] == silo.SiloPort)];
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(500, cancellation);
            foreach (var silo in silos.Where(s => s.Process.HasExited && !_resting.Contains(s.Number)))
            {
                if (silo.Process.ExitCode is var code and not 137)
                {
                    EndedThemselves++;
                    Say($"silo {silo.Number} ended by itself with {code}");
                }

                await silo.StartAsync();
            }
        }
    }

    private static string Names(IReadOnlyList<string> searches) => searches.Count == 0 ? "no search" : string.Join(", ", searches);

    private static void Say(string what) => Console.Error.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss} {what}");
}
