using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests.Fakes;

/// <summary>A network that computes nothing but takes the time that a test says, by a clock of the test's own.</summary>
/// <param name="configuration">Its shape.</param>
/// <param name="time">The clock.</param>
/// <param name="milliseconds">What a call takes: of a network's shape, and how many tokens each sequence has read before and reads now.</param>
internal sealed class TimedNetwork(LlamaConfiguration configuration, VirtualTime time, Func<LlamaConfiguration, int, int, double> milliseconds)
    : ISuperNetwork, IExtraction, IDecoding
{
    public SuperNetworkInfo Info { get; init; } = new(configuration, "timed", "float64", "fake", "timed-1");

    /// <summary>Told of every sub-network that is cut out.</summary>
    internal Action<Architecture>? Extracting { get; init; }

    /// <summary>Told of every call: the tokens read before and now, by all sequences together, and how long they may become.</summary>
    internal Action<int, int, int>? Advanced { get; init; }

    /// <summary>How many cut-out networks there are that nobody has disposed of.</summary>
    internal int Held => _held.Value;

    private readonly Counter _held = new();

    public LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Pass(0, requests[0].TokenIds.Length);
        return [.. architectures.Select(_ => requests.Select(_ => new LogLikelihood(-1, false, [])).ToArray())];
    }

    public ISuperNetwork Extract(Architecture architecture)
    {
        Extracting?.Invoke(architecture);
        _held.Value++;
        return new Extracted(new TimedNetwork(configuration.Extract(architecture), time, milliseconds) { Advanced = Advanced }, _held);
    }

    public IDecodedSequences Begin(Architecture architecture, int sequences, int capacity)
    {
        configuration.Check(architecture);
        return capacity <= configuration.MaximumPositions ? new Sequences(this, sequences, capacity) : throw new NasClusterException("The sequences are too long.");
    }

    public void Dispose()
    {
    }

    private void Pass(int before, int now) => time.Advance(TimeSpan.FromMilliseconds(milliseconds(configuration, before, now)));

    private sealed class Counter
    {
        public int Value { get; set; }
    }

    private sealed class Extracted(TimedNetwork network, Counter held) : ISuperNetwork, IDecoding
    {
        public SuperNetworkInfo Info => network.Info;

        public LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation) =>
            network.Score(architectures, requests, cancellation);

        public IDecodedSequences Begin(Architecture architecture, int sequences, int capacity) => network.Begin(architecture, sequences, capacity);

        public void Dispose() => held.Value--;
    }

    private sealed class Sequences(TimedNetwork network, int count, int capacity) : IDecodedSequences
    {
        public int Count => count;

        public int Length { get; private set; }

        public float[] Advance(ReadOnlySpan<int> tokenIds, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            var now = tokenIds.Length / count;
            Assert.Equal(tokenIds.Length, now * count);
            Assert.True(Length + now <= capacity);
            network.Advanced?.Invoke(Length, tokenIds.Length, capacity);
            network.Pass(Length, now);
            Length += now;
            return new float[count * network.Info.Configuration.VocabularySize];
        }

        public void Dispose()
        {
        }
    }
}
