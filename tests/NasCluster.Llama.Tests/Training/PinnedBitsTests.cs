using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Training;
using NasCluster.Testing;
using Architecture = NasCluster.Core.Architectures.Architecture;

namespace NasCluster.Llama.Tests.Training;

/// <summary>
/// Committed weights are reproduced byte for byte from their recipe, so training must keep its bits from version to version. The hashes were
/// taken when this was written; a change of any of them is a change of numerics, and makes every recipe's weights others.
/// </summary>
public sealed class PinnedBitsTests
{
    [Theory]
    [InlineData(1, "2B5CAFD9A5CDE13597B1E7DEDA72E1C79D23622B5AFCFF3315411FA7B55A80F0")]
    [InlineData(2, "B4A3CAB52403E08FC99E5D80131B3D5CA377F74912E467F606FDF0C611AC85E3")]
    [InlineData(3, "DE7201EBF1728961874B5EEA839D8D8DCDEFA454DABE3AEB3894D52A461E453A")]
    [InlineData(4, "D9A2F4FF4B10E82BBDC7488E75537680008BB5964D737CC349FA1366D1053DBB")]
    [InlineData(5, "D65CD363608FF5108FBA6A7ED5EB3594375628C778A6162AFE77C05EC104C5C4")]
    [InlineData(6, "94649CADE5FD6888BCD20631258F7E471B352D78E63B051C598B820EF52CF3F3")]
    public void LossAndGradients_TrueTokensThenATeacher_HaveTheBitsTheyAlwaysHad(int seed, string expected) => Assert.Equal(expected, HashOf(seed));

    /// <summary>Two steps: the whole network on true tokens, then a narrow one that learns in part from it; with the optimiser's step after each.</summary>
    private static string HashOf(int seed)
    {
        var random = new Random(seed);
        var configuration = RandomCheckpoint.Configuration(
            layers: 3,
            hidden: random.Next(20, 110),
            headSize: 2 * random.Next(1, 20),
            kvHeads: random.Next(1, 4),
            queryHeadsPerKvHead: random.Next(1, 4),
            intermediate: random.Next(10, 300),
            vocabulary: random.Next(30, 300),
            maximumPositions: 256,
            tied: seed % 2 == 0);
        using var checkpoint = RandomCheckpoint.Make(configuration, seed);
        using var network = new TrainableNetwork(checkpoint, new CpuEngineOptions { Threads = 2 });
        using var distributions = new TokenDistributions();
        var optimiser = new AdamW(network.Weights, new AdamWOptions(), 2);
        var gradients = ParameterSet.Zero(configuration);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sequences = TrainingCases.Sequences(configuration, seed, Lengths(seed));
        Step(configuration.FullArchitecture, new LossTerms { Record = distributions });
        Step(TrainingCases.Narrow(configuration), new LossTerms { Teacher = distributions, SoftShare = 0.7f });
        return Convert.ToHexString(hash.GetHashAndReset());

        void Step(Architecture architecture, LossTerms terms)
        {
            gradients.Clear();
            Take([network.LossAndGradients(architecture, sequences, gradients, 0.9f, terms)]);
            foreach (var tensor in gradients.Tensors)
            {
                Take<float>(tensor.Values);
            }

            optimiser.Step(gradients, 1e-2);
            network.WeightsChanged();
            foreach (var tensor in network.Weights.Tensors)
            {
                Take<float>(tensor.Values);
            }
        }

        void Take<T>(ReadOnlySpan<T> values)
            where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(values));
    }

    // Many short documents, long ones of several panels, and one alone.
    private static int[] Lengths(int seed) => (seed % 3) switch
    {
        0 => [.. Enumerable.Range(0, 30).Select(i => 20 + (i * 7 % 21))],
        1 => [40, 3, 90, 2, 33, 20, 64, 200],
        _ => [257],
    };
}
