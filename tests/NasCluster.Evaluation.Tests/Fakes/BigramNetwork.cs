using System.Collections.Immutable;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Tests.Fakes;

/// <summary>
/// A network whose likelihoods can be worked out by hand: after token t it gives t + 1 the probability d / (d + 1), where d is
/// the number of layers kept, and shares the rest equally among all others.
/// </summary>
internal sealed class BigramNetwork(LlamaConfiguration configuration, string fingerprint = "bigram") : ISuperNetwork, IExtraction
{
    internal SuperNetworkInfo BigramInfo { get; init; } = new(configuration, fingerprint, "float64", "fake", "bigram-1");

    public SuperNetworkInfo Info => BigramInfo;

    /// <summary>Runs at the start of every scoring call, with its architectures.</summary>
    internal Action<IReadOnlyList<Architecture>>? OnScore { get; init; }

    /// <summary>Replaces a sub-network's sums.</summary>
    internal Func<Architecture, double?> Sum { get; init; } = _ => null;

    internal bool IsDisposed { get; private set; }

    internal int Calls { get; private set; }

    internal static LlamaConfiguration Configuration(int vocabulary = 300) => new()
    {
        VocabularySize = vocabulary,
        HiddenSize = 8,
        HeadSize = 4,
        QueryHeadsPerKvHead = 1,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(2, 16), 4)],
        MaximumPositions = 64,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbeddings = true,
    };

    internal static Architecture Depth(int layers) =>
        new([.. Enumerable.Range(0, layers).Select(l => new LayerArchitecture(l, ChannelSelection.Leading(2), ChannelSelection.Leading(16)))]);

    internal static double LogProbability(int depth, int before, int token, int vocabulary) =>
        Math.Log(token == (before + 1) % vocabulary ? depth / (depth + 1.0) : 1 / (depth + 1.0) / (vocabulary - 1));

    public LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation)
    {
        Calls++;
        OnScore?.Invoke(architectures);
        cancellation.ThrowIfCancellationRequested();
        return [.. architectures.Select(a => requests.Select(r => Score(a, r)).ToArray())];
    }

    public ISuperNetwork Extract(Architecture architecture) =>
        new BigramNetwork(configuration.Extract(architecture), fingerprint + "/extracted") { OnScore = OnScore };

    public void Dispose() => IsDisposed = true;

    private LogLikelihood Score(Architecture architecture, ScoringRequest request)
    {
        var each = Enumerable.Range(request.FirstScored, request.ScoredCount)
            .Select(i => LogProbability(architecture.Layers.Length, request.TokenIds[i - 1], request.TokenIds[i], configuration.VocabularySize)).ToArray();
        ImmutableArray<float> perToken = request.PerToken ? [.. each.Select(e => (float)e)] : [];
        return new LogLikelihood(Sum(architecture) ?? each.Sum(), false, perToken);
    }
}
