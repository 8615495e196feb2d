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
    private ParetoArchive _archive = null!;

    private string Name => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var record = await new JsonCell<SearchRecord>(storage.OfSearch(Name), PopulationGrain.RecordCell, schema: 1).ReadAsync(cancellationToken)
            ?? throw new NasClusterException($"There is no search '{Name}'.");
        var objectives = searches.Read(record.Definition.Prepared).Objectives;
        _history = new HypervolumeHistory(objectives, null);
        _archive = new ParetoArchive(objectives);
        await ReadLogAsync(cancellationToken);
    }

    public async Task<FrontFigures> AppendAsync(ImmutableArray<OutcomeRecord> outcomes, CancellationToken cancellation)
    {
        if (outcomes.Length > 0 && outcomes[0].Sequence > _log.Count)
        {
            // Some were lost on the way; these are durable, so those before them are too.
            await ReadLogAsync(cancellation);
        }

        Take(outcomes);
        return new FrontFigures(_archive.Count, _points.Count > 0 ? _points[^1].Hypervolume : null, _archive.BestValues);
    }

    public Task<ArchivePage> ReadAsync(long from, int most, CancellationToken cancellation)
    {
        var first = (int)Math.Clamp(from, 0, _log.Count);
        var page = _log.Skip(first).Take(most).ToImmutableArray();
        var after = first + page.Length;
        return Task.FromResult(new ArchivePage(page, [.. _points.Where(p => p.Sequence >= first && p.Sequence < after)], _log.Count));
    }

    public Task<ImmutableArray<OutcomeRecord>> GetFrontAsync(CancellationToken cancellation)
    {
        var front = _archive.Front.Select(e => e.Trial.Id).ToHashSet();
        return Task.FromResult(_log.Where(r => front.Contains(r.Trial.Id)).OrderBy(r => r.Trial.Id).ToImmutableArray());
    }

    public async Task CompleteAsync(long recorded, CancellationToken cancellation)
    {
        if (recorded > _log.Count)
        {
            await ReadLogAsync(cancellation);
        }

        if (_history.Complete() is { } last)
        {
            _points.Add(last);
        }
    }

    public Task ForgetAsync(CancellationToken cancellation)
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task ReadLogAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            Take(await new CellRunStore(storage.OfSearch(Name), $"{GrainContext.ActivationId} archive").ReadOutcomesAsync(cancellation));
        }
        finally
        {
            _reading.Release();
        }
    }

    private void Take(IReadOnlyList<OutcomeRecord> outcomes)
    {
        foreach (var record in outcomes.Where(r => r.Sequence == _log.Count))
        {
            _log.Add(record);
            _archive.Insert(record.Trial, record.Outcome);
            if (_history.Add(record) is { } point)
            {
                _points.Add(point);
            }
        }
    }
}
