using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using NasCluster.Core.Architectures;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Embedded.Tests.Hosting;

/// <summary>An evaluator whose outcomes are a function of the architecture alone, and whose behaviour tests can bend.</summary>
internal sealed class SyntheticEvaluator : IEvaluator
{
    private int _calls;

    /// <summary>How long an evaluation takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What an evaluation does before it gives its outcome: the number of the call from 0, the architecture, progress and cancellation.</summary>
    public Action<int, Architecture, Action?, CancellationToken>? Before { get; init; }

    public int Calls => _calls;

    public long TokensScored => 0;

    public IReadOnlyList<Objective> Objectives { get; } =
    [
        new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored), new("removed", ObjectiveDirection.Maximise, ObjectiveKind.Analytic),
    ];

    public EvaluationKey KeyOf(Candidate candidate) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{candidate.Architecture}"))));

    public IReadOnlyList<EvaluationOutcome> Evaluate(IReadOnlyList<Candidate> candidates, Action? progress, CancellationToken cancellation)
    {
        var outcomes = new List<EvaluationOutcome>();
        foreach (var architecture in candidates.Select(c => c.Architecture))
        {
            var call = Interlocked.Increment(ref _calls) - 1;
            Before?.Invoke(call, architecture, progress, cancellation);
            if (Delay > TimeSpan.Zero && cancellation.WaitHandle.WaitOne(Delay))
            {
                cancellation.ThrowIfCancellationRequested();
            }

            outcomes.Add(OutcomeOf(architecture));
        }

        return outcomes;
    }

    public void Dispose()
    {
    }

    public static EvaluationOutcome OutcomeOf(Architecture architecture)
    {
        // Keeping more lowers the loss, early layers most; a ripple keeps the front from being trivial.
        var (loss, kept) = (4.0, 0);
        foreach (var layer in architecture.Layers)
        {
            var channels = layer.MlpChannels.Count;
            loss -= Math.Sqrt(channels) / (9 + layer.SourceLayer) * (1 + (0.2 * Math.Sin((3.1 * channels) + layer.SourceLayer)));
            kept += channels + 8;
        }

        return EvaluationOutcome.Success([new(loss, 0.01), new(-kept, 0)]);
    }

    public static ImmutableSortedDictionary<long, string> ByTrial(IEnumerable<OutcomeRecord> outcomes) => outcomes.ToImmutableSortedDictionary(
        o => o.Trial.Id.Value,
        o => $"{o.Trial.Genome} {o.Key} {string.Join(' ', o.Outcome.Values.Select(v => $"{BitConverter.DoubleToInt64Bits(v.Value):x}/{v.StandardError}"))} {o.Outcome.Failure}");
}
