using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control;

/// <summary>Proposes the given genes one after the other, a batch at a time: the next batch waits until the last is told.</summary>
internal sealed class ListSearch(params int[] genes) : ISearch
{
    private readonly SortedDictionary<long, EvaluationOutcome> _told = [];
    private int _asked;

    /// <summary>How many trials a batch has; all by default.</summary>
    public int Batch { get; init; } = genes.Length;

    public List<int> AskedCounts { get; } = [];

    public IReadOnlyDictionary<long, EvaluationOutcome> Told => _told;

    public int Tells { get; private set; }

    public bool IsFinished => _told.Count == genes.Length;

    public int Available => Enumerable.Range(_asked, Math.Max(0, Created - _asked)).Count(trial => !_told.ContainsKey(trial));

    /// <summary>What it says is still to come beyond <see cref="Available"/>, as a search without generations does.</summary>
    public int MoreToCome { get; init; }

    public int UntilBarrier => Available + MoreToCome;

    public int? Generation => _told.Count / Math.Max(Batch, 1);

    private int Created => Math.Min(genes.Length, ((_told.Count / Math.Max(Batch, 1)) + 1) * Batch);

    public IReadOnlyList<Trial> Ask(int count)
    {
        AskedCounts.Add(count);
        var created = Created;
        var trials = new List<Trial>();
        while (trials.Count < count && _asked < created)
        {
            if (!_told.ContainsKey(_asked))
            {
                trials.Add(TrialOf(_asked));
            }

            _asked++;
        }

        return trials;
    }

    public void Tell(TrialId id, EvaluationOutcome outcome)
    {
        Tells++;
        _told.TryAdd(id.Value, outcome);
    }

    /// <summary>A count of the tells: enough to see when a snapshot was taken.</summary>
    public SearchSnapshot Snapshot() => new("list", 1, [.. BitConverter.GetBytes(_told.Count)]);

    public Trial TrialOf(int number) => new(new TrialId(number), new Genome([genes[number]]));
}
