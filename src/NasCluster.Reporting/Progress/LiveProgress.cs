using Spectre.Console;
using Spectre.Console.Rendering;

namespace NasCluster.Reporting.Progress;

/// <summary>
/// Shows a search while it runs: redrawn in place on a terminal, as plain lines where the output is a file or a pipe, or as
/// JSON lines for scripts. It only looks at the search; a slow terminal never slows the search down.
/// </summary>
/// <remarks>
/// A JSON line has <c>model</c>, <c>state</c> (running, finished or stopped), <c>done</c>, <c>budget</c>, <c>left</c>,
/// <c>failed</c>, <c>remembered</c>, <c>elapsed_seconds</c>, <c>rate_per_second</c>, <c>left_seconds</c>, <c>hypervolume</c>
/// (each null while unknown), <c>front_size</c> and <c>best</c> (by objective: <c>trial</c>, <c>value</c>, <c>standard_error</c>).
/// There the hypervolume is the raw volume; people are shown how far it has grown since it was first known.
/// </remarks>
public sealed class LiveProgress
{
    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly ProgressOptions _options;

    /// <summary>Makes a view.</summary>
    /// <param name="console">Where to show it; its width, height and abilities are respected, also when they change.</param>
    /// <param name="time">The clock for rates, times and redraws.</param>
    /// <param name="options">Choices; null for the default ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">A span of time is not above zero, or the step is not in (0, 100].</exception>
    public LiveProgress(IAnsiConsole console, TimeProvider time, ProgressOptions? options = null)
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
        _time = time;
    }

    private bool IsLive => _options.Mode == ProgressMode.Live
        || (_options.Mode == ProgressMode.Auto && _console.Profile.Out.IsTerminal && _console.Profile.Capabilities.Ansi);

    /// <summary>Shows the search until its source says that it no longer runs, or until told to end.</summary>
    /// <param name="source">Where to read the search.</param>
    /// <param name="end">Ends the view after showing the search once more; that is no failure and raises nothing.</param>
    /// <exception cref="IOException">The output cannot be written any more.</exception>
    public Task RunAsync(IProgressSource source, CancellationToken end)
    {
        ArgumentNullException.ThrowIfNull(source);
        return IsLive ? RunLiveAsync(source, end) : RunLinesAsync(source, end);
    }

    private async Task RunLiveAsync(IProgressSource source, CancellationToken end)
    {
        var meter = new RateMeter(_time, _options.RateWindow);
        var first = Measure(meter, source);
        var live = _console.Live(Draw(first)).AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom);
        await live.StartAsync(async context =>
        {
            for (var figures = first; ; figures = Measure(meter, source))
            {
                context.UpdateTarget(Draw(figures));
                if (figures.Snapshot.State != ProgressState.Running || !await WaitAsync(end).ConfigureAwait(false))
                {
                    break;
                }
            }

            if (end.IsCancellationRequested)
            {
                context.UpdateTarget(Draw(Measure(meter, source)));
            }
        }).ConfigureAwait(false);
    }

    private async Task RunLinesAsync(IProgressSource source, CancellationToken end)
    {
        var meter = new RateMeter(_time, _options.RateWindow);
        var cadence = new LineCadence(_options.LineEvery, _options.LineEveryPercent);
        ProgressSnapshot? written = null;
        while (true)
        {
            var ending = end.IsCancellationRequested;
            var figures = Measure(meter, source);
            if (cadence.IsDue(figures) || (ending && figures.Snapshot != written))
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
    private void Write(ProgressFigures figures)
    {
        var writer = _console.Profile.Out.Writer;
        writer.Write((_options.Mode == ProgressMode.Json ? ProgressLine.Json(figures) : ProgressLine.Text(figures)) + "\n");
        writer.Flush();
    }

    private IRenderable Draw(ProgressFigures figures) => ProgressView.Draw(
        figures, _console.Profile.Width, _console.Profile.Height, _console.Profile.Capabilities.Unicode);

    private static ProgressFigures Measure(RateMeter meter, IProgressSource source)
    {
        var snapshot = source.Read();
        meter.Add(snapshot.Done);
        return new ProgressFigures(snapshot, meter.Elapsed, meter.PerSecond, meter.TimeFor(snapshot.Left));
    }

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
}
