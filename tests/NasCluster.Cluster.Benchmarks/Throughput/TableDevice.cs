using System.Collections.Immutable;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Pipeline.Prepared;
using NasCluster.Silo.Evaluation;

namespace NasCluster.Cluster.Benchmarks.Throughput;

/// <summary>A device that answers at once: an outcome is looked up in a table by what the layers are.</summary>
internal sealed class TableDevice(string name, int batchSize) : IEvaluationDevice
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    public string Name => name;

    public int BatchSize => batchSize;

    public ImmutableArray<string>? SuperNetworks => null;

    public ImmutableArray<string> Loaded => [];

    public long HeldBytes => 0;

    public ValueTask<IDisposable> HoldAsync(string superNetwork, CancellationToken cancellation) => throw new NotSupportedException("It needs no super-network.");

    public ValueTask<IEvaluationSession> OpenAsync(string prepared, Action progress, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(prepared, out var session))
            {
                var run = PreparedRun.FromJson(prepared, StoredSpecification.Read);
                _sessions.Add(prepared, session = new Session(run.Search.Plan.Space, new Table(run.Objectives)));
            }

            return ValueTask.FromResult<IEvaluationSession>(session);
        }
    }

    private sealed class Session(IArchitectureSpace space, IEvaluator evaluator) : IEvaluationSession
    {
        public IArchitectureSpace Space => space;

        public IEvaluator Evaluator => evaluator;

        public void Dispose()
        {
            // Kept for the next batch.
        }
    }

    private sealed class Table(ImmutableArray<Objective> objectives) : IEvaluator
    {
        private const int Rows = 64;

        private readonly double[] _worth = [.. Enumerable.Range(0, Rows).Select(i => (((i * 37) % Rows) + 1.0) / Rows)];

        public IReadOnlyList<Objective> Objectives => objectives;

        public long TokensScored => 0;

        public EvaluationKey KeyOf(Candidate candidate) => throw new NotSupportedException("Keys are the controller's.");

        public IReadOnlyList<EvaluationOutcome> Evaluate(IReadOnlyList<Candidate> candidates, Action? progress, CancellationToken cancellation)
        {
            var outcomes = new EvaluationOutcome[candidates.Count];
            for (var i = 0; i < outcomes.Length; i++)
            {
                var (worth, size) = (0.0, 0.0);
                foreach (var layer in candidates[i].Architecture.Layers)
                {
                    worth += _worth[((layer.SourceLayer * 7) + (layer.MlpChannels.Count / 8)) % Rows] * Math.Sqrt(layer.MlpChannels.Count);
                    size += 1000 + layer.MlpChannels.Count;
                }

                outcomes[i] = EvaluationOutcome.Success([.. objectives.Select((o, k) => new ObjectiveValue(k == objectives.Length - 1 ? size : worth / (k + 1), 0))]);
            }

            return outcomes;
        }

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
