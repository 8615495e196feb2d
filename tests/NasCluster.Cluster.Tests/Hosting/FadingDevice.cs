using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A device that evaluates for a while, and from then on finds everything as good as the first; and that calls any amount of memory held.</summary>
/// <param name="inner">What evaluates.</param>
/// <param name="sound">How many evaluations are as they should be.</param>
/// <param name="pace">How long one takes from then on.</param>
/// <param name="heldBytes">What super-networks take.</param>
internal sealed class FadingDevice(IEvaluationDevice inner, int sound, TimeSpan pace, long heldBytes) : IEvaluationDevice
{
    private readonly Lock _lock = new();
    private EvaluationOutcome? _first;
    private int _evaluations;

    public string Name => inner.Name;

    public int BatchSize => inner.BatchSize;

    public ImmutableArray<string>? SuperNetworks => inner.SuperNetworks;

    public ImmutableArray<string> Loaded => inner.Loaded;

    public long HeldBytes => heldBytes;

    public ValueTask<IDisposable> HoldAsync(string superNetwork, CancellationToken cancellation) => inner.HoldAsync(superNetwork, cancellation);

    public async ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation) =>
        new Session(this, await inner.OpenAsync(prepared, progress, cancellation));

    private IReadOnlyList<EvaluationOutcome> Evaluate(IEvaluator evaluator, IReadOnlyList<Architecture> architectures, Action? progress, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_evaluations < sound)
            {
                var outcomes = evaluator.Evaluate(architectures, progress, cancellation);
                _first ??= outcomes[0];
                _evaluations += outcomes.Count;
                return outcomes;
            }
        }

        cancellation.WaitHandle.WaitOne(pace * architectures.Count);
        cancellation.ThrowIfCancellationRequested();
        return [.. architectures.Select(_ => _first!)];
    }

    private sealed class Session(FadingDevice device, IEvaluationSession inner) : IEvaluationSession
    {
        public IArchitectureSpace Space => inner.Space;

        public IEvaluator Evaluator { get; } = new FadingEvaluator(device, inner.Evaluator);

        public void Dispose() => inner.Dispose();
    }

    private sealed class FadingEvaluator(FadingDevice device, IEvaluator inner) : IEvaluator
    {
        public IReadOnlyList<Objective> Objectives => inner.Objectives;

        public long TokensScored => inner.TokensScored;

        public EvaluationKey KeyOf(Architecture architecture) => inner.KeyOf(architecture);

        public IReadOnlyList<EvaluationOutcome> Evaluate(IReadOnlyList<Architecture> architectures, Action? progress, CancellationToken cancellation) =>
            device.Evaluate(inner, architectures, progress, cancellation);

        public void Dispose() => inner.Dispose();
    }
}
