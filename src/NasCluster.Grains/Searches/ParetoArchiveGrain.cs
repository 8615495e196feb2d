using System.Collections.Immutable;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Core.Pareto;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Runs;
using NasCluster.Grains.Storage;
using Orleans.Concurrency;

namespace NasCluster.Grains.Searches;

/// <inheritdoc cref="IParetoArchiveGrain"/>
/// <remarks>It keeps nothing of its own: what it has not heard it reads from the search's log.</remarks>
[Reentrant]
internal sealed class ParetoArchiveGrain(CellStorage storage, IRunnableSearches searches) : Grain, IParetoArchiveGrain
{
    private readonly List<OutcomeRecord> _log = [];
    private readonly List<HypervolumePoint> _points = [];
    private readonly SemaphoreSlim _reading = new(1, 1);
    private HypervolumeHistory _history = null!;
    private ParetoArchive? _archive;

    private string Name => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken) => ReadyAsync(cancellationToken);

    public async Task<FrontFigures> AppendAsync(ImmutableArray<OutcomeRecord> outcomes, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        if (outcomes.Length > 0 && outcomes[0].Sequence > _log.Count)
        {
            // Some were lost on the way; these are durable, so those before them are too.
            await ReadLogAsync(cancellation);
        }

        Take(outcomes);
        return new FrontFigures(_archive!.Count, _points.Count > 0 ? _points[^1].Hypervolume : null, _archive.BestValues);
    }

    public async Task<ArchivePage> ReadAsync(long from, int most, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        var first = (int)Math.Clamp(from, 0, _log.Count);
        var page = _log.Skip(first).Take(most).ToImmutableArray();
        var after = first + page.Length;
        return new ArchivePage(page, [.. _points.Where(p => p.Sequence >= first && p.Sequence < after)], _log.Count);
    }

    public async Task<ImmutableArray<OutcomeRecord>> GetFrontAsync(CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        var front = _archive!.Front.Select(e => e.Trial.Id).ToHashSet();
        return [.. _log.Where(r => front.Contains(r.Trial.Id)).OrderBy(r => r.Trial.Id)];
    }

    public async Task CompleteAsync(long recorded, CancellationToken cancellation)
    {
        await ReadyAsync(cancellation);
        if (recorded > _log.Count)
        {
            await ReadLogAsync(cancellation);
        }

        Complete();
    }

    public async Task ForgetAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        _archive = null; // A search of the same name may begin before this activation has ended.
        _reading.Release();
        DeactivateOnIdle();
    }

    /// <summary>Begins with what storage holds, unless it has begun.</summary>
    private async Task ReadyAsync(CancellationToken cancellation)
    {
        if (_archive is not null)
        {
            return;
        }

        await _reading.WaitAsync(cancellation);
        try
        {
            if (_archive is not null)
            {
                return;
            }

            var record = await new JsonCell<SearchRecord>(storage.OfSearch(Name), PopulationGrain.RecordCell, schema: 1).ReadAsync(cancellation)
                ?? throw new NasClusterException($"There is no search '{Name}'.");
            var objectives = searches.Read(record.Definition.Prepared).Objectives;
            var outcomes = await ReadOutcomesAsync(cancellation);
            _log.Clear();
            _points.Clear();
            _history = new HypervolumeHistory(objectives, null);
            _archive = new ParetoArchive(objectives);
            Take(outcomes);
            if (record.State == SearchState.Completed)
            {
                Complete(); // Whoever completed it told an earlier activation.
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    private void Complete()
    {
        if (_history.Complete() is { } last)
        {
            _points.Add(last);
        }
    }

    private async Task ReadLogAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            Take(await ReadOutcomesAsync(cancellation));
        }
        finally
        {
            _reading.Release();
        }
    }

    private ValueTask<IReadOnlyList<OutcomeRecord>> ReadOutcomesAsync(CancellationToken cancellation) =>
        new CellRunStore(storage.OfSearch(Name), $"{GrainContext.ActivationId} archive").ReadOutcomesAsync(cancellation);

    private void Take(IReadOnlyList<OutcomeRecord> outcomes)
    {
        foreach (var record in outcomes.Where(r => r.Sequence == _log.Count))
        {
            _log.Add(record);
            _archive!.Insert(record.Trial, record.Outcome);
            if (_history.Add(record) is { } point)
            {
                _points.Add(point);
            }
        }
    }
}
