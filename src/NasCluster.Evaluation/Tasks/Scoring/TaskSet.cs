using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Tasks.Markings;

namespace NasCluster.Evaluation.Tasks.Scoring;

/// <summary>A task ready to be scored: its token sequences, how they are marked, and the identity of both.</summary>
public sealed class TaskSet
{
    internal TaskSet(
        string name, ImmutableArray<string> metrics, ImmutableArray<ScoredDocument> documents, ImmutableArray<ScoringRequest> requests, int truncated,
        ImmutableArray<string> warnings)
    {
        Name = name;
        Metrics = metrics;
        Documents = documents;
        Requests = requests;
        TruncatedCount = truncated;
        Warnings = warnings;
        Fingerprint = RequestFingerprint.Of("task", requests, hash =>
        {
            foreach (var metric in metrics)
            {
                hash.Add(metric);
            }

            foreach (var document in documents)
            {
                hash.Add((long)document.RequestCount);
                document.Marking.Fingerprint(hash);
            }
        });
    }

    /// <summary>The task's name, such as <c>arc_easy</c> or <c>mmlu_anatomy</c>.</summary>
    public string Name { get; }

    /// <summary>The metrics it is marked by, see <see cref="TaskMetrics"/>; the first is the one the task is known for.</summary>
    public ImmutableArray<string> Metrics { get; }

    /// <summary>The documents, in the order of the file.</summary>
    public ImmutableArray<ScoredDocument> Documents { get; }

    /// <summary>The token sequences of all documents, in order.</summary>
    public ImmutableArray<ScoringRequest> Requests { get; }

    /// <summary>How many documents lost their beginning because they would not fit the window otherwise.</summary>
    public int TruncatedCount { get; }

    /// <summary>What makes the figures doubtful, as sentences.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>SHA-256 over token ids, scored spans, markings and metrics, in lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>What a network's likelihoods of this set amount to.</summary>
    /// <param name="likelihoods">One per request, in order.</param>
    /// <exception cref="NasClusterException">A likelihood is not a finite number.</exception>
    public TaskScore Score(ReadOnlySpan<LogLikelihood> likelihoods)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(likelihoods.Length, Requests.Length);
        foreach (var document in Documents)
        {
            for (var i = 0; i < document.RequestCount; i++)
            {
                if (!double.IsFinite(likelihoods[document.FirstRequest + i].Sum))
                {
                    throw new NasClusterException(
                        $"The log-likelihood of part {i + 1} of {Name}, {document.Place} is {likelihoods[document.FirstRequest + i].Sum}; it must be finite.");
                }
            }
        }

        var scores = ImmutableArray.CreateBuilder<MetricScore>(Metrics.Length);
        foreach (var metric in Metrics)
        {
            scores.Add(TaskMarker.Mark(metric, this, likelihoods));
        }

        return new TaskScore(Name, scores.MoveToImmutable());
    }

    /// <summary>Encodes documents.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="metrics">What it is marked by.</param>
    /// <param name="documents">At least one, with whatever examples stand before each.</param>
    /// <param name="encoder">Makes token sequences.</param>
    /// <param name="warnings">What was noticed before.</param>
    internal static TaskSet Create(
        string name, ImmutableArray<string> metrics, IReadOnlyList<TaskDocument> documents, PassageEncoder encoder, ImmutableArray<string> warnings)
    {
        ArgumentOutOfRangeException.ThrowIfZero(documents.Count, nameof(documents));
        var requests = ImmutableArray.CreateBuilder<ScoringRequest>();
        var scored = ImmutableArray.CreateBuilder<ScoredDocument>(documents.Count);
        var (truncated, cut) = (0, 0);
        foreach (var document in documents)
        {
            var first = requests.Count;
            var (isTruncated, isCut) = (false, false);
            foreach (var passage in document.Passages)
            {
                if (document.Marking is WholeText)
                {
                    requests.AddRange(encoder.EncodeWhole(passage.Continuation, document.Place));
                    continue;
                }

                var encoded = encoder.Encode(passage, document.Place);
                requests.Add(encoded.Request);
                isTruncated |= encoded.IsTruncated;
                isCut |= encoded.IsCut;
            }

            truncated += isTruncated ? 1 : 0;
            cut += isCut ? 1 : 0;
            scored.Add(new(document.Place, first, requests.Count - first, document.Marking));
        }

        if (cut > 0)
        {
            warnings = warnings.Add($"{name}: {cut} of {documents.Count} documents are scored on the end of an answer only, because it is longer than the window; the harness refuses them.");
        }

        return new TaskSet(name, metrics, scored.MoveToImmutable(), requests.ToImmutable(), truncated, warnings);
    }
}
