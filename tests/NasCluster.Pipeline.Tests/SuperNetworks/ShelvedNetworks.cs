using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests.SuperNetworks;

/// <summary>Opens networks that only know whether they are open, and holds the shelf to what it promises.</summary>
internal sealed class ShelvedNetworks
{
    private static readonly LlamaConfiguration Configuration = RandomCheckpoint.Configuration(
        layers: 1, hidden: 8, headSize: 8, kvHeads: 1, queryHeadsPerKvHead: 1, intermediate: 8, vocabulary: 8);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _open = [];

    internal int Opened { get; private set; }

    internal long OpenBytes
    {
        get
        {
            lock (_lock)
            {
                return _open.Values.Sum();
            }
        }
    }

    internal string[] OpenKeys
    {
        get
        {
            lock (_lock)
            {
                return [.. _open.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Opens a network; a second of one key at once is an error.</summary>
    internal ShelvedNetwork Open(string key, long bytes)
    {
        lock (_lock)
        {
            Opened++;
            _open.Add(key, bytes);
            return new ShelvedNetwork(this, key, Configuration);
        }
    }

    internal sealed class ShelvedNetwork(ShelvedNetworks all, string key, LlamaConfiguration configuration) : ISuperNetwork
    {
        public SuperNetworkInfo Info { get; } = new(configuration, key, "float32", "fake", "fake-1");

        internal bool IsOpen { get; private set; } = true;

        public LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation) =>
            throw new InvalidOperationException("Never asked.");

        public void Dispose()
        {
            lock (all._lock)
            {
                Assert.True(IsOpen);
                IsOpen = false;
                Assert.True(all._open.Remove(key));
            }
        }
    }
}
