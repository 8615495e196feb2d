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
/// Where evaluators are known there is <c>evaluators</c>, of each <c>evaluator</c>, <c>state</c> (idle, busy or draining), <c>in_hand</c>,
/// <c>batch</c>, <c>evaluations</c>, <c>failed</c>, <c>rate_per_second</c> (of its work, null while unknown) and <c>super_networks_loaded</c>.
/// There the hypervolume is the raw volume; people are shown how far it has grown since it was first known.
/// </remarks>
public sealed class LiveProgress
{
    private readonly ProgressLoop<ProgressSnapshot> _loop;

    /// <summary>Makes a view.</summary>
    /// <param name="console">Where to show it; its width, height and abilities are respected, also when they change.</param>
    /// <param name="time">The clock for rates, times and redraws.</param>
    /// <param name="options">Choices; null for the default ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">A span of time is not above zero, or the step is not in (0, 100].</exception>
    public LiveProgress(IAnsiConsole console, TimeProvider time, ProgressOptions? options = null) => _loop = new(console, time, options, new Format());

    /// <summary>Shows the search until its source says that it no longer runs, or until told to end.</summary>
    /// <param name="source">Where to read the search.</param>
    /// <param name="end">Ends the view after showing the search once more; that is no failure and raises nothing.</param>
    /// <exception cref="IOException">The output cannot be written any more.</exception>
    public Task RunAsync(IProgressSource source, CancellationToken end)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _loop.RunAsync(source.Read, end);
    }

    private sealed class Format : IProgressFormat<ProgressSnapshot>
    {
        public string Text(ProgressFigures<ProgressSnapshot> figures) => ProgressLine.Text(figures);

        public string Json(ProgressFigures<ProgressSnapshot> figures) => ProgressLine.Json(figures);

        public IRenderable Draw(ProgressFigures<ProgressSnapshot> figures, int width, int height, bool unicode) =>
            ProgressView.Draw(figures, width, height, unicode);
    }
}
