using NasCluster.Core;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Training;

/// <summary>A training with its saved state: starts, goes on where it was stopped or killed, and leaves the same bits either way.</summary>
public sealed class TrainingSession : IDisposable
{
    private readonly TrainingRun _run;
    private readonly TrainingSet? _heldOut;
    private readonly TrainingCadence _cadence;
    private readonly string _path;
    private readonly string _identity;

    private TrainingSession(TrainingRun run, TrainingSet? heldOut, TrainingCadence cadence, string path, string identity) =>
        (_run, _heldOut, _cadence, _path, _identity) = (run, heldOut, cadence, path, identity);

    /// <summary>Where the training is.</summary>
    public TrainingProgress Progress { get; private set; } = TrainingProgress.Start;

    /// <summary>Whether all steps are done.</summary>
    public bool IsFinished => _run.IsFinished;

    /// <summary>The weights as they are now.</summary>
    public ParameterSet Weights => _run.Weights;

    /// <summary>Starts a training, or goes on with the one whose state lies at a path.</summary>
    /// <param name="job">What is trained on what, and how.</param>
    /// <param name="cadence">How often to report and to save; each at least 1.</param>
    /// <param name="path">The file of the state.</param>
    /// <param name="engines">What computes.</param>
    /// <exception cref="NasClusterException">Something given breaks a rule, or the file is damaged or of another training.</exception>
    public static TrainingSession Open(TrainingJob job, TrainingCadence cadence, string path, ITrainingEngineFactory engines)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(cadence);
        ArgumentNullException.ThrowIfNull(engines);
        ArgumentOutOfRangeException.ThrowIfLessThan(cadence.ReportEvery, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cadence.SaveEvery, 1);
        var identity = TrainingIdentity.Of(
            job.Network.Fingerprint, job.Data, job.HeldOut, job.Space, job.Options, job.Teacher?.Fingerprint, cadence.ReportEvery, engines.Identity);
        var state = File.Exists(path) ? TrainingState.Load(path, job.Network.Configuration, identity) : null;
        var run = new TrainingRun(engines, job.Network, job.Space, job.Data, job.Options, job.Teacher);
        var session = new TrainingSession(run, job.HeldOut, cadence, path, identity);
        try
        {
            if (state is not null)
            {
                run.Restore(state);
                session.Progress = state.Progress;
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Trains until all steps are done or it is cancelled, saving on the way and at the end.</summary>
    /// <param name="report">Called after every step, with the step and where the training is.</param>
    /// <param name="cancellation">Stops after the step in progress.</param>
    /// <returns>Whether all steps are done.</returns>
    /// <exception cref="NasClusterException">It diverged, or the state cannot be saved; the state saved last stays.</exception>
    public bool Run(Action<TrainingStep, TrainingProgress> report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Progress.Curve.IsEmpty)
        {
            AddPoint(0);
        }

        while (!_run.IsFinished && !cancellation.IsCancellationRequested)
        {
            var step = _run.Step();
            Progress = Progress with
            {
                Step = _run.StepsDone,
                Tokens = _run.TokensDone,
                LossSum = Progress.LossSum + step.Loss,
                LossCount = Progress.LossCount + 1,
            };
            if (Progress.Step % _cadence.ReportEvery == 0 || _run.IsFinished)
            {
                AddPoint(step.LearningRate);
            }

            if (Progress.Step % _cadence.SaveEvery == 0 || _run.IsFinished || cancellation.IsCancellationRequested)
            {
                _run.State(Progress).Save(_path, _identity);
            }

            report(step, Progress);
        }

        return _run.IsFinished;
    }

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    private void AddPoint(double learningRate)
    {
        var (largest, smallest, random) = _heldOut is null ? (double.NaN, double.NaN, double.NaN) : _run.HeldOut(_heldOut.Sequences);
        double? training = Progress.LossCount == 0 ? null : Progress.LossSum / Progress.LossCount;
        var point = new TrainingPoint(Progress.Step, Progress.Tokens, learningRate, training, Finite(largest), Finite(smallest), Finite(random));
        Progress = Progress with { LossSum = 0, LossCount = 0, Curve = Progress.Curve.Add(point) };
    }

    // A super-network that has just been cut from an ordinary one may well overflow; the curves then have a gap, and training goes on.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
