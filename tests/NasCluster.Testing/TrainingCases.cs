using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Testing;

/// <summary>Small networks and batches that reach every branch: several panels, panels shared by sequences, prompts that are not scored.</summary>
public static class TrainingCases
{
    /// <summary>Grouped queries, a head size that is no multiple of the tile, an MLP that is no multiple of a panel.</summary>
    public static LlamaConfiguration Grouped(bool tied) =>
        RandomCheckpoint.Configuration(layers: 3, hidden: 10, headSize: 6, kvHeads: 2, queryHeadsPerKvHead: 2, intermediate: 17, vocabulary: 13, tied: tied);

    public static Architecture Narrow(LlamaConfiguration configuration) => new(
        [
            new LayerArchitecture(0, ChannelSelection.Leading(1), ChannelSelection.Leading(configuration.Layers[0].IntermediateSize / 2)),
            new LayerArchitecture(2, ChannelSelection.Leading(configuration.Layers[2].KvHeadCount), ChannelSelection.Leading(5)),
        ]);

    public static ScoringRequest[] Sequences(LlamaConfiguration configuration, int seed, params int[] lengths)
    {
        var random = new Random(seed);
        return Array.ConvertAll(lengths, length =>
        {
            ImmutableArray<int> tokens = [.. Enumerable.Range(0, length).Select(_ => random.Next(configuration.VocabularySize))];
            return new ScoringRequest(tokens, random.Next(1, Math.Min(length, 6)));
        });
    }

    /// <summary>Mean cross-entropy in nats, in double.</summary>
    public static double ReferenceLoss(ReferenceNetwork reference, Architecture architecture, IReadOnlyList<ScoringRequest> sequences) =>
        -sequences.Sum(s => reference.LogLikelihoods(architecture, s.TokenIds).Skip(s.FirstScored - 1).Sum()) / sequences.Sum(s => s.ScoredCount);

    /// <summary>Mean KL(teacher, network) over the scored tokens, in double.</summary>
    public static double ReferenceDivergence(
        ReferenceNetwork teacher, Architecture teacherArchitecture, ReferenceNetwork network, Architecture architecture, IReadOnlyList<ScoringRequest> sequences)
    {
        var sum = 0.0;
        foreach (var sequence in sequences)
        {
            var expected = teacher.Logits(teacherArchitecture, sequence.TokenIds).Select(LogSoftmax).ToArray();
            var actual = network.Logits(architecture, sequence.TokenIds).Select(LogSoftmax).ToArray();
            for (var t = sequence.FirstScored - 1; t < sequence.TokenIds.Length - 1; t++)
            {
                sum += expected[t].Zip(actual[t], (p, q) => Math.Exp(p) * (p - q)).Sum();
            }
        }

        return sum / sequences.Sum(s => s.ScoredCount);
    }

    private static double[] LogSoftmax(double[] logits)
    {
        var largest = logits.Max();
        var sum = Math.Log(logits.Sum(l => Math.Exp(l - largest)));
        return Array.ConvertAll(logits, l => l - largest - sum);
    }
}
