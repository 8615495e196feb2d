using Microsoft.Extensions.Logging;
using NasCluster.Contracts.Data;
using NasCluster.Contracts.Searches;
using NasCluster.Core;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Grains.Searches;

namespace NasCluster.Grains.Data;

/// <content>Deletion: why it takes nothing that anybody needs, or is about to, is told at <see cref="ContentLedger"/>.</content>
internal sealed partial class DataCatalogGrain
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);
    private bool _isDeleting;

    public async Task DeleteAsync(StoredDataKind kind, string name, CancellationToken cancellation)
    {
        var data = Find(kind, name) ?? throw new NasClusterException($"The cluster has stored no {NameOf(kind)} '{name}'.");
        await ChangeLedgerAsync(ledger => ledger.BeginDeletion(kind.ToString(), name, time.GetUtcNow()), cancellation);
        _isDeleting = true;
        try
        {
            // Nobody can start a search from here on; those there are now are all that there are.
            var searches = await ReadSearchesAsync();
            var parts = await PartsOfAsync(data, CancellationToken.None);
            var others = await ReferredAsync(data, []);
            ContentClaims.ThrowIfNeeded(name, parts.Concat(ContentClaims.HashesIn(data.Fingerprint ?? "")).Except(others).ToHashSet(), searches);
            var referred = await ReferredAsync(data, searches);
            await ChangeLedgerAsync(ledger => ledger.Doom(parts, referred), CancellationToken.None);
        }
        catch (Exception)
        {
            await ChangeLedgerAsync(ledger => ledger.EndDeletion(), CancellationToken.None);
            throw;
        }
        finally
        {
            _isDeleting = false;
        }

        await ForgetNameAsync();
        FinishDeletionAsync().Ignore();
    }

    /// <summary>Finishes a deletion, whoever began it: a large model takes minutes, and a silo may die meanwhile.</summary>
    private async Task FinishDeletionAsync()
    {
        if (_isDeleting || _ledger.Deletion is not { } deletion)
        {
            return;
        }

        _isDeleting = true;
        var turns = TaskScheduler.Current;
        try
        {
            if (deletion.Doomed is { } doomed)
            {
                await ForgetNameAsync();
                var referred = await ReferredAsync(null, await ReadSearchesAsync());
                var deleted = await ContentSweep.RunAsync(storage.OfContents, doomed, referred, _ => OnTurn(ConfirmAsync), CancellationToken.None);
                LogDeleted(deletion.Name, doomed.Length, deleted);
            }

            await ChangeLedgerAsync(ledger => ledger.EndDeletion(), CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotDeleted(exception, deletion.Name); // Tried again in a few seconds.
        }
        finally
        {
            _isDeleting = false;
        }

        Task ConfirmAsync() => ChangeLedgerAsync(ledger => ledger.GoOn(), CancellationToken.None);

        Task OnTurn(Func<Task> action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, turns).Unwrap();
    }

    private Task ForgetNameAsync() => _ledger.Deletion is { Doomed: not null } deletion
        ? ChangeStoredAsync(stored => stored.RemoveAll(d => d.Kind.ToString() == deletion.Kind && d.Name == deletion.Name), CancellationToken.None)
        : Task.CompletedTask;

    /// <summary>Every content that is referred to, by names other than one, and by searches.</summary>
    private async Task<HashSet<string>> ReferredAsync(StoredData? except, IEnumerable<SearchClaim> searches)
    {
        var referred = searches.SelectMany(search => search.Texts).SelectMany(ContentClaims.HashesIn).ToHashSet(StringComparer.Ordinal);
        foreach (var data in _stored.Where(data => data != except))
        {
            referred.UnionWith(await PartsOfAsync(data, CancellationToken.None));
            referred.UnionWith(ContentClaims.HashesIn(data.Fingerprint ?? ""));
        }

        return referred;
    }

    private async Task<List<SearchClaim>> ReadSearchesAsync()
    {
        var claims = new List<SearchClaim>();
        foreach (var search in await GrainFactory.GetGrain<ISearchCatalogGrain>(0).ListAsync(CancellationToken.None))
        {
            if (await new JsonCell<SearchRecord>(storage.OfSearch(search.Name), PopulationGrain.RecordCell, schema: 1).ReadAsync(CancellationToken.None) is { } record)
            {
                claims.Add(new SearchClaim(
                    search.Name, record.State.ToString().ToLowerInvariant(), record.State != SearchState.Completed, [record.Definition.Specification, record.Definition.Prepared, record.Prepared]));
            }
        }

        return claims;
    }

    [LoggerMessage(LogLevel.Information, "{Name} was deleted: {Contents} contents, {Cells} cells.")]
    private partial void LogDeleted(string name, int contents, int cells);

    [LoggerMessage(LogLevel.Warning, "The deletion of {Name} could not be finished yet.")]
    private partial void LogNotDeleted(Exception exception, string name);
}
