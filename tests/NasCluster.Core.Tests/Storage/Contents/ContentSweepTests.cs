using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage.Contents;

public sealed class ContentSweepTests
{
    private const int Chunk = 16;
    private readonly MemoryStateCells _cells = new();

    [Fact]
    public async Task RunAsync_ContentsThatShareChunks_LeavesTheKeptOnesWhole()
    {
        var (gone, kept) = (await PutAsync("same beginning, one end is this"), await PutAsync("same beginning, another end is there"));

        var deleted = await SweepAsync([gone], [kept]);

        Assert.Equal("same beginning, another end is there", await ReadAsync(kept));
        Assert.Equal([gone], await Store().FindMissingAsync([gone, kept], default));
        Assert.Equal(2, deleted); // Its second chunk and its manifest.
    }

    [Fact]
    public async Task RunAsync_NothingKept_LeavesNoCell()
    {
        var doomed = new[] { await PutAsync("one of them"), await PutAsync(new string('x', 1000)), await PutAsync("") };

        await SweepAsync(doomed, []);

        Assert.Empty(_cells.Names);
    }

    [Fact]
    public async Task RunAsync_DoomedThatIsAlsoKept_Stays()
    {
        var hash = await PutAsync("wanted after all");

        Assert.Equal(0, await SweepAsync([hash], [hash]));
        Assert.Equal("wanted after all", await ReadAsync(hash));
    }

    [Fact]
    public async Task RunAsync_NotThere_IsDoneAlready() => Assert.Equal(0, await SweepAsync([new string('a', 64)], []));

    /// <summary>Interrupted before each of its batches in turn, it ends the same when it is done again.</summary>
    [Fact]
    public async Task RunAsync_InterruptedAnywhere_IsFinishedByTheNext()
    {
        for (var batches = 0; batches < 6; batches++)
        {
            var (gone, kept) = (await PutAsync(new string('y', 15) + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i}-"))), await PutAsync("kept"));
            var left = batches;
            var interrupted = await Record.ExceptionAsync(async () => await ContentSweep.RunAsync(
                _cells, [gone], [kept], _ => left-- > 0 ? Task.CompletedTask : throw new StateCellException("not mine"), default));
            Assert.IsType<StateCellException>(interrupted);

            await SweepAsync([gone], [kept]);

            Assert.Equal("kept", await ReadAsync(kept));
            Assert.Equal(2, _cells.Names.Count);
        }
    }

    /// <summary>Somebody else has finished the deletion, and a client has stored the content anew, while this host slept.</summary>
    [Fact]
    public async Task RunAsync_StoredAnewMeanwhile_IsLeftAlone()
    {
        var hash = await PutAsync("deleted and stored again");
        var isFirst = true;

        await ContentSweep.RunAsync(
            _cells,
            [hash],
            [],
            async _ =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    await SweepAsync([hash], []);
                    await PutAsync("deleted and stored again");
                    return;
                }

                throw new StateCellConflictException("another has it now");
            },
            default).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal("deleted and stored again", await ReadAsync(hash));
    }

    /// <summary>A manifest whose chunks are gone, as an upload that slept too long may leave it.</summary>
    [Fact]
    public async Task PutAsync_WhatIsThereCannotBeReliedOn_StoresWhatIsMissing()
    {
        var hash = await PutAsync("first chunk here, second one there");
        var lost = _cells.Names.First(name => name.StartsWith("chunk-", StringComparison.Ordinal));
        await _cells.DeleteAsync(lost, (await _cells.ReadAsync(lost, default))!.Version, default);
        var before = _cells.Writes;

        await Store(isReliable: false).PutAsync(Bytes("first chunk here, second one there"), default);

        Assert.Equal("first chunk here, second one there", await ReadAsync(hash));
        Assert.Equal(2, _cells.Writes - before); // The lost chunk, and the manifest.
    }

    [Fact]
    public async Task PutAsync_WhatIsThereCanBeReliedOn_WritesNothing()
    {
        await PutAsync("first chunk here, second one there");
        var before = _cells.Writes;

        await Store(isReliable: true).PutAsync(Bytes("first chunk here, second one there"), default);

        Assert.Equal(before, _cells.Writes);
    }

    [Fact]
    public async Task PutAsync_NotAdmitted_StoresNothing()
    {
        var store = new ContentStore(_cells, Chunk, (_, _) => throw new ContentDeletionException("being deleted"));

        await Assert.ThrowsAsync<ContentDeletionException>(async () => await store.PutAsync(Bytes("text"), default));

        Assert.Empty(_cells.Names);
    }

    private static MemoryStream Bytes(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));

    private ContentStore Store(bool isReliable = true) => new(_cells, Chunk, (_, _) => new(isReliable));

    private async Task<string> PutAsync(string text) => await Store().PutAsync(Bytes(text), default);

    private async Task<int> SweepAsync(string[] doomed, string[] kept) => await ContentSweep.RunAsync(_cells, doomed, kept, _ => Task.CompletedTask, default);

    private async Task<string> ReadAsync(string hash)
    {
        await using var content = await Store().OpenAsync(hash, default);
        using var text = new MemoryStream();
        await content.CopyToAsync(text);
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }
}
