using System.Globalization;
using NasCluster.Core;
using NasCluster.Llama.Training;
using NasCluster.Pipeline.Training;
using NasCluster.Reporting;
using NasCluster.Reporting.Progress;

namespace NasCluster.Local.Runs;

/// <summary>Carries a training on to its end (or a stop), showing it meanwhile.</summary>
internal static class TrainingConsole
{
    /// <summary>Runs it and writes what came of it.</summary>
    /// <param name="files">Where.</param>
    /// <param name="model">The model's name for people.</param>
    /// <param name="job">What is trained on what, and how.</param>
    /// <param name="cadence">How often to report and to save.</param>
    /// <param name="engine">What computes.</param>
    /// <param name="json">Whether progress is JSON lines.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        TrainingFiles files, string model, TrainingJob job, TrainingCadence cadence, ITrainingEngineFactory engine, bool json)
    {
        files.Check();
        using var signals = new StopSignals();
        if (!json && engine.Memory(job.Network.Configuration, job.Teacher?.Configuration, job.Data, job.Options) is { } memory)
        {
            // Before anything is loaded: what does not fit is better known now.
            await Console.Error.WriteLineAsync($"memory on the device: {memory}");
        }

        using var session = TrainingSession.Open(job, cadence, files.State, engine);
        files.Create();
        if (!json)
        {
            await Console.Error.WriteLineAsync(Describe("learned", job.Data));
            await Console.Error.WriteLineAsync(job.HeldOut is { } heldOut ? Describe("held out", heldOut) : "held out: nothing");
        }

        var isFinished = await ShowAsync(session, new TrainingView(model, job.Options.Steps), files, json, signals.Stopping);
        if (!session.Progress.Curve.IsEmpty)
        {
            files.WriteCurves(TrainingView.Curves(model, Note(job.Options), session.Progress.Curve));
        }

        if (!isFinished)
        {
            await Console.Error.WriteLineAsync("nas: stopped; everything learned so far is safe. Go on with the same command.");
            return ExitCode.Stopped;
        }

        files.WriteModel(session.Weights);
        if (!json)
        {
            Console.Out.WriteLine($"Written: {files.Model}, {files.Csv}, {files.Picture}");
        }

        return ExitCode.Success;
    }

    private static async Task<bool> ShowAsync(TrainingSession session, TrainingView view, TrainingFiles files, bool json, CancellationToken stopping)
    {
        view.Take(null, session.Progress);
        var live = new Reporting.Training.TrainingProgress(
            ReportConsole.Detect(Console.Error), TimeProvider.System, new ProgressOptions { Mode = json ? ProgressMode.Json : ProgressMode.Auto });
        using var ended = new CancellationTokenSource();
        var showing = live.RunAsync(view, ended.Token);
        try
        {
            var isFinished = session.Run(view.Take, stopping);
            view.End(isFinished);
            return isFinished;
        }
        catch (TrainingDivergedException e)
        {
            view.End(isFinished: false);
            var kept = File.Exists(files.State) ? $"the last state saved before that is kept in {files.State}" : "no state had been saved";
            throw new NasClusterException($"{e.Message.TrimEnd('.')}; {kept}. A lower --learning-rate or --clip, or a longer --warm-up, often helps.", e);
        }
        finally
        {
            await ended.CancelAsync();
            await showing;
        }
    }

    private static string Note(TrainingRunOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"sampling {options.Sampling.ToString().ToLowerInvariant()} · seed {options.Seed}");

    private static string Describe(string use, TrainingSet set) => string.Create(
        CultureInfo.InvariantCulture,
        $"{use}: {set.Sequences.Sum(s => (long)s.ScoredCount):N0} tokens in {set.Sequences.Length:N0} sequences of {set.Source}"
        + $"{(set.Truncated > 0 ? $", {set.Truncated:N0} of them cut to the context" : "")}");
}
