using Spectre.Console;
using Spectre.Console.Rendering;

namespace NasCluster.Reporting.Progress;

/// <summary>Looks at something that goes on for long again and again and shows it: in place, as lines, or as JSON lines.</summary>
internal sealed class ProgressLoop<TSnapshot>
    where TSnapshot : class, IProgressSnapshot
{
    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly ProgressOptions _options;
    private readonly IProgressFormat<TSnapshot> _format;

    /// <exception cref="ArgumentOutOfRangeException">A span of time is not above zero, or the step is not in (0, 100].</exception>
    public ProgressLoop(IAnsiConsole console, TimeProvider time, ProgressOptions? options, IProgressFormat<TSnapshot> format)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(time);
        _options = options ?? new ProgressOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.Refresh, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.LineEvery, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.RateWindow, TimeSpan.Zero, nameof(options));
        if (!(_options.LineEveryPercent > 0 && _options.LineEveryPercent <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(options), _options.LineEveryPercent, "LineEveryPercent must be in (0, 100].");
        }

        _console = console;
        _format = format;
        _time = time;
    }

    private bool IsLive => _options.Mode == ProgressMode.Live
        || (_options.Mode == ProgressMode.Auto && _console.Profile.Out.IsTerminal && _console.Profile.Capabilities.Ansi);

    /// <summary>Shows snapshots until one no longer runs, or until told to end, which shows one more and raises nothing.</summary>
    public Task RunAsync(Func<TSnapshot> read, CancellationToken end) => IsLive ? RunLiveAsync(read, end) : RunLinesAsync(read, end);

    private async Task RunLiveAsync(Func<TSnapshot> read, CancellationToken end)
    {
        var meters = new Meters(_time, _options.RateWindow);
        var first = meters.Measure(read);
        var live = _console.Live(Draw(first)).AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom);
        await live.StartAsync(async context =>
        {
            for (var figures = first; ; figures = meters.Measure(read))
            {
                context.UpdateTarget(Draw(figures));
                if (figures.Snapshot.State != ProgressState.Running || !await WaitAsync(end).ConfigureAwait(false))
                {
                    break;
                }
            }

            if (end.IsCancellationRequested)
            {
                context.UpdateTarget(Draw(meters.Measure(read)));
            }
        }).ConfigureAwait(false);
    }

    private async Task RunLinesAsync(Func<TSnapshot> read, CancellationToken end)
    {
        var meters = new Meters(_time, _options.RateWindow);
        var cadence = new LineCadence(_options.LineEvery, _options.LineEveryPercent);
        TSnapshot? written = null;
        while (true)
        {
            var ending = end.IsCancellationRequested;
            var figures = meters.Measure(read);
            if (cadence.IsDue(figures.Snapshot, figures.Elapsed) || (ending && !figures.Snapshot.Equals(written)))
            {
                Write(figures);
                written = figures.Snapshot;
            }

            if (ending || figures.Snapshot.State != ProgressState.Running)
            {
                return;
            }

            await WaitAsync(end).ConfigureAwait(false);
        }
    }

    // Past Spectre, which would break a long line at the width of a terminal that is not there.
    private void Write(ProgressFigures<TSnapshot> figures)
    {
        var writer = _console.Profile.Out.Writer;
        writer.Write((_options.Mode == ProgressMode.Json ? _format.Json(figures) : _format.Text(figures)) + "\n");
        writer.Flush();
    }

    private IRenderable Draw(ProgressFigures<TSnapshot> figures) => _format.Draw(
        figures, _console.Profile.Width, _console.Profile.Height, _console.Profile.Capabilities.Unicode);

    private async Task<bool> WaitAsync(CancellationToken end)
    {
        try
        {
            await Task.Delay(_options.Refresh, _time, end).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return false;
        }
    }

    // Speed is told in work and time in steps: the tokens that the steps to come will have are not known.
    private sealed class Meters(TimeProvider time, TimeSpan window)
    {
        private readonly RateMeter _steps = new(time, window);
        private readonly RateMeter _work = new(time, window);

        public ProgressFigures<TSnapshot> Measure(Func<TSnapshot> read)
        {
            var snapshot = read();
            _steps.Add(snapshot.Done);
            _work.Add(snapshot.Work);
            return new ProgressFigures<TSnapshot>(snapshot, _steps.Elapsed, _work.PerSecond, _steps.TimeFor(snapshot.Left));
        }
    }
}
