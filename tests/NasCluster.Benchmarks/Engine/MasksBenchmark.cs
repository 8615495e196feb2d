using System.Globalization;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;

namespace NasCluster.Benchmarks.Engine;

/// <summary>What it costs to score explicit sets of channels and head pairs inside a super-network, whose weights must be gathered first.</summary>
/// <remarks>
/// The same sub-network extracted computes the same without gathering: what scoring it inside takes longer is the gathering. That one is
/// timed alone as well, since the difference of two times is noisier than either.
/// </remarks>
internal static class MasksBenchmark
{
    private const int Tokens = 2048;
    private const int WindowTokens = 256;
    private const int Gathers = 20;

    /// <summary>Scores random masks of the network at a path on 2048 tokens, in windows of 256 or as many as it takes.</summary>
    /// <param name="path">The network.</param>
    /// <param name="keptShare">Share of MLP channels and of head pairs that stay in each layer.</param>
    /// <param name="seconds">For each number of threads.</param>
    public static void Run(string path, double keptShare, double seconds)
    {
        using var checkpoint = LlamaCheckpoints.Open(path);
        var configuration = checkpoint.Configuration;
        var random = new Random(1);
        var window = Math.Min(WindowTokens, configuration.MaximumPositions);
        ScoringRequest[] requests = [.. Enumerable.Range(0, Tokens / window).Select(_ => new ScoringRequest(
            [.. Enumerable.Range(0, window).Select(_ => random.Next(configuration.VocabularySize))], 1))];
        var masked = Masked(configuration, keptShare, random);
        var leading = new Architecture([.. masked.Layers.Select(l => l with
        {
            MlpChannels = ChannelSelection.Leading(l.MlpChannels.Count),
            HeadPairs = null,
        })]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{path}, {keptShare:P0} of channels and pairs kept, {requests.Length} windows of {window} tokens: layer 0 keeps"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {masked.Layers[0].MlpChannels.Count} of {configuration.Layers[0].IntermediateSize} channels, {masked.Layers[0].HeadPairs?.Count} of {configuration.HeadSize / 2} pairs"));
        foreach (var threads in new[] { 1, 2 })
        {
            using var network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = threads });
            using var part = network.Extract(masked);
            using var packed = new PackedNetwork(checkpoint);
            using var pool = new BufferPool();
            Rounds Scoring(string name, ISuperNetwork of, Architecture architecture) => new(
                $"{threads} thread(s), {name}", "evaluations", 1, () => of.Score([architecture], requests, default));
            var inside = Scoring("inside", network, masked);
            var extracted = Scoring("extracted", part, part.Info.Configuration.FullArchitecture);
            var gather = new Rounds("gathering, again and again", "gathers", Gathers, () =>
            {
                for (var i = 0; i < Gathers; i++)
                {
                    foreach (var layer in masked.Layers)
                    {
                        packed.Layers[layer.SourceLayer].Select(layer, pool).Dispose();
                    }
                }
            });
            Rounds[] all = [inside, extracted, Scoring("leading channels, whole heads", network, leading), Scoring("whole", network, configuration.FullArchitecture), gather];
            EngineBenchmark.Measure(all, seconds);
            Array.ForEach(all, r => r.Print());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  inside takes {extracted.PerProcessorSecond / inside.PerProcessorSecond:F3} of extracted; gathering once is {inside.PerProcessorSecond / gather.PerProcessorSecond:P1} of it"));
        }
    }

    private static Architecture Masked(LlamaConfiguration configuration, double keptShare, Random random)
    {
        var half = configuration.HeadSize / 2;
        return new Architecture([.. configuration.Layers.Select((shape, i) => configuration.Canonical(new LayerArchitecture(
            i, ChannelSelection.Leading(shape.KvHeadCount), Some(shape.IntermediateSize), Some(half))))]);

        ChannelSelection Some(int available)
        {
            var order = Enumerable.Range(0, available).ToArray();
            random.Shuffle(order);
            return ChannelSelection.Set([.. order.Take(Math.Max(1, (int)(available * keptShare))).Order()]);
        }
    }
}
