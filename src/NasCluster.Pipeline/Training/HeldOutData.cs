using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Llama.Training;

namespace NasCluster.Pipeline.Training;

/// <summary>Sets apart what is never learned, for the curves.</summary>
public static class HeldOutData
{
    // Of data that brings no held-out file, the curves take at most this part.
    private const int LeastTimesLearned = 10;

    /// <summary>What to learn, and what to draw the curves of.</summary>
    /// <param name="data">The data.</param>
    /// <param name="heldOut">Data for the curves alone; null to take the last sequences of <paramref name="data"/>, at most a tenth of them.</param>
    /// <param name="mostTokens">Tokens to predict that the curves need at most; at least one sequence is taken.</param>
    /// <exception cref="NasClusterException">The data has one sequence only, and nothing else was given for the curves.</exception>
    public static (TrainingSet Learned, TrainingSet HeldOut) Split(TrainingSet data, TrainingSet? heldOut, int mostTokens)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (heldOut is not null)
        {
            return (data, Part(heldOut, heldOut.Sequences[..CountOf(heldOut.Sequences, mostTokens)]));
        }

        if (data.Sequences.Length < 2)
        {
            throw new NasClusterException($"{data.Source} is one sequence, and it cannot be both learned and held out; give held-out data, or more.");
        }

        ImmutableArray<ScoringRequest> fromTheEnd = [.. data.Sequences.Reverse()];
        var count = Math.Min(CountOf(fromTheEnd, mostTokens), Math.Max(1, data.Sequences.Length / LeastTimesLearned));
        return (Part(data, data.Sequences[..^count]), Part(data, data.Sequences[^count..]));
    }

    private static int CountOf(ImmutableArray<ScoringRequest> sequences, int mostTokens)
    {
        var tokens = 0L;
        var count = 0;
        while (count < sequences.Length && (count == 0 || tokens + sequences[count].ScoredCount <= mostTokens))
        {
            tokens += sequences[count++].ScoredCount;
        }

        return count;
    }

    private static TrainingSet Part(TrainingSet whole, ImmutableArray<ScoringRequest> sequences) => whole with
    {
        Sequences = sequences,
        Fingerprint = sequences.Length == whole.Sequences.Length ? whole.Fingerprint : RequestFingerprint.Of("training", sequences),
    };
}
