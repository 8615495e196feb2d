using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Engine;

/// <summary>Multiple choice on a small super-network: questions of about 30 tokens with four answers of one token each.</summary>
internal static class ChoiceTask
{
    /// <summary>Questions in a task.</summary>
    public const int Questions = 190;

    /// <summary>8 layers x 192, 6 heads over 3, MLP 512, vocabulary 512.</summary>
    public static LlamaConfiguration Configuration { get; } = RandomCheckpoint.Configuration(8, 192, 32, 3, 2, 512, 512, 256);

    /// <summary>Four requests a question, one after another, which differ in their last token only.</summary>
    public static ImmutableArray<ScoringRequest> Requests(int tasks)
    {
        var random = new Random(2);
        var vocabulary = Configuration.VocabularySize;
        var requests = ImmutableArray.CreateBuilder<ScoringRequest>();
        for (var question = 0; question < tasks * Questions; question++)
        {
            ImmutableArray<int> tokens = [.. Enumerable.Range(0, random.Next(24, 37)).Select(_ => random.Next(vocabulary))];
            var answer = random.Next(vocabulary);
            requests.AddRange(Enumerable.Range(0, 4).Select(choice => new ScoringRequest(tokens.Add((answer + choice) % vocabulary), tokens.Length)));
        }

        return requests.DrainToImmutable();
    }

    /// <summary>Sub-networks of the first 5 to 8 layers, each with 128, 256, 384 or 512 MLP channels.</summary>
    public static Architecture[] Population(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => new Architecture(
            [.. Configuration.FullArchitecture.Layers.Take(random.Next(5, 9)).Select(l => l with { MlpChannels = ChannelSelection.Leading(128 * random.Next(1, 5)) })]))];
    }
}
