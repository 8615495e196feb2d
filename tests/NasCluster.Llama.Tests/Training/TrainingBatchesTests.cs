using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Training;

namespace NasCluster.Llama.Tests.Training;

public sealed class TrainingBatchesTests
{
    [Fact]
    public void Batch_OneEpoch_HasEverySequenceOnceAndFillsBatches()
    {
        var set = Set(50);
        var batches = new TrainingBatches(set, 40, seed: 3);
        var seen = new List<ScoringRequest>();
        for (var number = 0L; seen.Count < set.Sequences.Length; number++)
        {
            var batch = batches.Batch(number);
            seen.AddRange(batch);
            Assert.True(seen.Count == set.Sequences.Length || batch.Sum(Tokens) >= 40);
            Assert.True(batch[..^1].Sum(Tokens) < 40);
        }

        Assert.Equal(set.Sequences.OrderBy(s => s.TokenIds[0]), seen.OrderBy(s => s.TokenIds[0]));
        Assert.NotEqual(set.Sequences, seen);
    }

    [Fact]
    public void Batch_InAnyOrderOfCalls_IsTheSame()
    {
        var through = new TrainingBatches(Set(20), 30, seed: 1);
        var all = Enumerable.Range(0, 60).Select(n => through.Batch(n)).ToArray();
        var again = new TrainingBatches(Set(20), 30, seed: 1);
        foreach (var number in new[] { 59, 3, 40, 0, 41, 59 })
        {
            Assert.Equal(all[number].Select(s => s.TokenIds[0]), again.Batch(number).Select(s => s.TokenIds[0]));
        }
    }

    [Fact]
    public void Batch_AnotherEpochOrSeed_IsAnotherOrder()
    {
        var set = Set(200);
        var batches = new TrainingBatches(set, int.MaxValue, seed: 1);
        Assert.Equal(200, batches.Batch(0).Length);
        Assert.NotEqual(batches.Batch(0).ToArray(), batches.Batch(1).ToArray());
        Assert.NotEqual(new TrainingBatches(set, int.MaxValue, seed: 2).Batch(0).ToArray(), batches.Batch(0).ToArray());
    }

    private static int Tokens(ScoringRequest sequence) => sequence.TokenIds.Length - 1;

    // The first token tells the sequences apart.
    private static TrainingSet Set(int count) =>
        new("test", [.. Enumerable.Range(0, count).Select(i => new ScoringRequest([i, .. Enumerable.Range(0, 1 + (i % 17))], 1))], "", 0);
}
