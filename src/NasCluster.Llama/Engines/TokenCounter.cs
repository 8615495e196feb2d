using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Engines;

/// <summary>Counts tokens, from any thread: both figures of a reading belong together.</summary>
internal sealed class TokenCounter
{
    private readonly Lock _lock = new();
    private TokenCounts _counts;

    /// <summary>What was counted so far.</summary>
    public TokenCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return _counts;
            }
        }
    }

    /// <summary>Counts a batch.</summary>
    /// <param name="requests">The requests it answered.</param>
    /// <param name="rows">Tokens computed.</param>
    /// <param name="architectures">How many architectures it was for.</param>
    public void Add(IEnumerable<ScoringRequest> requests, long rows, int architectures)
    {
        var asked = requests.Sum(r => r.TokenIds.Length - 1L);
        lock (_lock)
        {
            _counts = new TokenCounts(_counts.Asked + (asked * architectures), _counts.Computed + (rows * architectures));
        }
    }
}
