using System.Diagnostics;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Pipeline.Training;

namespace NasCluster.Local.Runs;

/// <summary>Carries a training on to its end (or a stop), showing it meanwhile.</summary>
internal static class TrainingConsole
{
    /// <summary>Runs it and writes what came of it.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(
        TrainingFiles files, TrainingJob job, TrainingCadence cadence, CpuEngineOptions engine, TrainingOptions training)
    {
        files.Check();
        using var signals = new StopSignals();
        using var session = TrainingSession.Open(job, cadence, files.State, engine, training);
        files.Create();
        Console.Error.WriteLine(Describe("learned", job.Data));
        if (job.HeldOut is { } heldOut)
        {
            Console.Error.WriteLine(Describe("held out", heldOut));
        }

        var clock = Stopwatch.StartNew();
        var firstTokens = session.Progress.Tokens;
        var firstStep = session.Progress.Step;
        var finished = Run(
            session,
            files,
            (step, progress) =>
            {
                if (progress.Step % cadence.ReportEvery == 0 || progress.Step == job.Options.Steps)
                {
                    var point = progress.Curve[^1];
                    var seconds = clock.Elapsed.TotalSeconds;
                    Console.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"step {progress.Step} of {job.Options.Steps}: training {point.TrainingLoss:F4}, largest {point.Largest:F4}, smallest {point.Smallest:F4}, random {point.Random:F4}, "
                        + $"rate {step.LearningRate:E2}, {(progress.Tokens - firstTokens) / seconds:N0} tokens/s, "
                        + $"{(job.Options.Steps - progress.Step) * seconds / (progress.Step - firstStep) / 60:F1} min left"));
                }
            },
            signals.Stopping);
        if (!finished)
        {
            Console.Error.WriteLine("nas: stopped; everything learned so far is safe. Go on with the same command.");
            return ExitCode.Stopped;
        }

        files.WriteModel(session.Weights);
        return ExitCode.Success;
    }

    private static string Describe(string use, TrainingSet set) => string.Create(
        CultureInfo.InvariantCulture,
        $"{use}: {set.Sequences.Sum(s => (long)s.ScoredCount):N0} tokens in {set.Sequences.Length:N0} sequences of {set.Source}"
        + $"{(set.Truncated > 0 ? $", {set.Truncated:N0} of them cut to the context" : "")}");

    private static bool Run(TrainingSession session, TrainingFiles files, Action<TrainingStep, TrainingProgress> report, CancellationToken stopping)
    {
        try
        {
            return session.Run(report, stopping);
        }
        catch (TrainingDivergedException e)
        {
            var kept = File.Exists(files.State) ? $"the last state saved before that is kept in {files.State}" : "no state had been saved";
            throw new NasClusterException($"{e.Message.TrimEnd('.')}; {kept}. A lower --learning-rate or --clip, or a longer --warm-up, often helps.", e);
        }
    }
}
