using NasCluster.Reporting.Progress;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace NasCluster.Reporting.Training;

/// <summary>
/// Shows a training run while it goes on: redrawn in place on a terminal, as plain lines where the output is a file or a pipe, or as
/// JSON lines for scripts. It only looks at the run; a slow terminal never slows the run down.
/// </summary>
/// <remarks>
/// A JSON line has <c>model</c>, <c>state</c> (running, finished or stopped), <c>step</c>, <c>steps</c>, <c>tokens</c>,
/// <c>elapsed_seconds</c>, <c>tokens_per_second</c>, <c>left_seconds</c>, <c>learning_rate</c>, <c>training_loss</c>,
/// <c>largest_loss</c>, <c>smallest_loss</c> and <c>random_loss</c>, each of the last eight null while unknown.
/// </remarks>
public sealed class TrainingProgress
{
    private readonly ProgressLoop<TrainingSnapshot> _loop;

    /// <summary>Makes a view.</summary>
    /// <param name="console">Where to show it; its width, height and abilities are respected, also when they change.</param>
    /// <param name="time">The clock for rates, times and redraws.</param>
    /// <param name="options">Choices; null for the default ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">A span of time is not above zero, or the step is not in (0, 100].</exception>
    public TrainingProgress(IAnsiConsole console, TimeProvider time, ProgressOptions? options = null) => _loop = new(console, time, options, new Format());

    /// <summary>Shows the run until its source says that it no longer runs, or until told to end.</summary>
    /// <param name="source">Where to read the run.</param>
    /// <param name="end">Ends the view after showing the run once more; that is no failure and raises nothing.</param>
    /// <exception cref="IOException">The output cannot be written any more.</exception>
    public Task RunAsync(ITrainingProgressSource source, CancellationToken end)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _loop.RunAsync(source.Read, end);
    }

    private sealed class Format : IProgressFormat<TrainingSnapshot>
    {
        public string Text(ProgressFigures<TrainingSnapshot> figures) => TrainingWords.Line(figures);

        public string Json(ProgressFigures<TrainingSnapshot> figures) => TrainingWords.Json(figures);

        public IRenderable Draw(ProgressFigures<TrainingSnapshot> figures, int width, int height, bool unicode) =>
            TrainingWords.View(figures, width, height, unicode);
    }
}
