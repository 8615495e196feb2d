using NasCluster.Core.SuperNetworks;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Training;

/// <summary>What training is measured on: 8 layers x 192, 6 heads over 3, MLP 512, vocabulary 512; 8 sequences of 256 tokens, all learned.</summary>
internal static class TrainingTask
{
    public const int Sequences = 8;
    public const int SequenceTokens = 256;

    public static LlamaConfiguration Configuration { get; } = RandomCheckpoint.Configuration(8, 192, 32, 3, 2, 512, 512, SequenceTokens);

    public static ScoringRequest[] Batch()
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, Sequences)
            .Select(_ => Enumerable.Range(0, SequenceTokens + 1).Select(_ => random.Next(Configuration.VocabularySize)))
            .Select(tokens => new ScoringRequest([.. tokens], 1))];
    }

    /// <summary>As many tokens in documents of 20 to 40, which is what chat and question answering are made of.</summary>
    public static ScoringRequest[] ShortBatch()
    {
        var random = new Random(3);
        var batch = new List<ScoringRequest>();
        for (var left = Sequences * SequenceTokens; left > 0;)
        {
            var length = Math.Min(left, random.Next(20, 41));
            batch.Add(new ScoringRequest([.. Enumerable.Range(0, length + 1).Select(_ => random.Next(Configuration.VocabularySize))], 1));
            left -= length;
        }

        return [.. batch];
    }
}
