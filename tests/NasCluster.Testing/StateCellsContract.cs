using NasCluster.Core.Storage;
using Xunit;

namespace NasCluster.Testing;

/// <summary>What every <see cref="IStateCells"/> must do; each storage derives its tests from this.</summary>
public abstract class StateCellsContract
{
    /// <summary>Names that every storage must take.</summary>
    public static TheoryData<string> GoodNames => ["a", "0", "log-00000000", "a.b-c.9", "-", "..", new string('x', StateCellName.MaximumLength)];

    /// <summary>Names that every storage must refuse.</summary>
    public static TheoryData<string> BadNames =>
        ["", "A", "a/b", "../a", "a\\b", "a b", "a\n", "a_b", "é", "a:b", "a%2fb", "a\0", new string('x', StateCellName.MaximumLength + 1)];

    /// <summary>The cells of an owner that has none yet.</summary>
    protected abstract IStateCells New();

    /// <summary>Another object over the same cells, as another process would have it.</summary>
    protected abstract IStateCells Again(IStateCells cells);

    [Fact]
    public async Task ReadAsync_NeverWritten_IsNull() => Assert.Null(await New().ReadAsync("missing", default));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(64 << 10)]
    [InlineData((64 << 10) + 1)]
    [InlineData(1 << 20)]
    public async Task WriteAsync_AnySize_ComesBackEqual(int size)
    {
        var cells = New();
        var bytes = Bytes(size, seed: size);

        var version = await cells.WriteAsync("cell", bytes, null, default);

        foreach (var there in (StateCell?[])[await cells.ReadAsync("cell", default), await Again(cells).ReadAsync("cell", default)])
        {
            Assert.Equal(version, there!.Version);
            Assert.Equal(bytes, there.Bytes.ToArray());
        }
    }

    [Fact]
    public async Task WriteAsync_EveryByteValue_ComesBackEqual()
    {
        var cells = New();
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        await cells.WriteAsync("cell", bytes, null, default);

        Assert.Equal(bytes, (await Again(cells).ReadAsync("cell", default))!.Bytes.ToArray());
    }

    [Fact]
    public async Task WriteAsync_CallersArrayChangedAfterwards_KeepsWhatWasWritten()
    {
        var cells = New();
        byte[] bytes = [1, 2, 3];
        await cells.WriteAsync("cell", bytes, null, default);

        bytes[0] = 9;

        Assert.Equal([1, 2, 3], (await cells.ReadAsync("cell", default))!.Bytes.ToArray());
    }

    [Fact]
    public async Task WriteAsync_LatestVersion_ReplacesWhole()
    {
        var cells = New();
        var first = await cells.WriteAsync("cell", Bytes(5000, 1), null, default);

        var second = await cells.WriteAsync("cell", Bytes(3, 2), first, default);

        Assert.NotEqual(first, second);
        Assert.Equal(Bytes(3, 2), (await Again(cells).ReadAsync("cell", default))!.Bytes.ToArray());
    }

    [Fact]
    public async Task WriteAsync_SameBytesAgain_IsANewVersionAllTheSame()
    {
        var cells = New();
        var first = await cells.WriteAsync("cell", Bytes(10, 1), null, default);

        var second = await cells.WriteAsync("cell", Bytes(10, 1), first, default);

        await Conflicts(() => cells.WriteAsync("cell", Bytes(10, 2), first, default));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task WriteAsync_StaleVersion_ConflictsAndChangesNothing()
    {
        var cells = New();
        var other = Again(cells);
        var first = await cells.WriteAsync("cell", Bytes(10, 1), null, default);
        var second = await other.WriteAsync("cell", Bytes(10, 2), first, default);

        await Conflicts(() => cells.WriteAsync("cell", Bytes(10, 3), first, default));

        var there = await cells.ReadAsync("cell", default);
        Assert.Equal(second, there!.Version);
        Assert.Equal(Bytes(10, 2), there.Bytes.ToArray());
    }

    [Fact]
    public async Task WriteAsync_CreateWhatExists_ConflictsAndChangesNothing()
    {
        var cells = New();
        await Again(cells).WriteAsync("cell", Bytes(10, 1), null, default);

        await Conflicts(() => cells.WriteAsync("cell", Bytes(10, 2), null, default));

        Assert.Equal(Bytes(10, 1), (await cells.ReadAsync("cell", default))!.Bytes.ToArray());
    }

    [Fact]
    public async Task WriteAsync_VersionOfWhatIsGone_Conflicts()
    {
        var cells = New();
        var version = await cells.WriteAsync("cell", Bytes(10, 1), null, default);
        await Again(cells).DeleteAsync("cell", version, default);

        await Conflicts(() => cells.WriteAsync("cell", Bytes(10, 2), version, default));

        Assert.Null(await cells.ReadAsync("cell", default));
    }

    [Fact]
    public async Task DeleteAsync_LatestVersion_LeavesNothing()
    {
        var cells = New();
        var version = await cells.WriteAsync("cell", Bytes(10, 1), null, default);
        await cells.WriteAsync("neighbour", Bytes(10, 1), null, default);

        await cells.DeleteAsync("cell", version, default);

        Assert.Null(await Again(cells).ReadAsync("cell", default));
        Assert.NotNull(await cells.ReadAsync("neighbour", default));
    }

    [Fact]
    public async Task DeleteAsync_StaleVersion_ConflictsAndKeepsTheCell()
    {
        var cells = New();
        var first = await cells.WriteAsync("cell", Bytes(10, 1), null, default);
        await cells.WriteAsync("cell", Bytes(10, 2), first, default);

        await Conflicts(async () => await cells.DeleteAsync("cell", first, default));

        Assert.Equal(Bytes(10, 2), (await cells.ReadAsync("cell", default))!.Bytes.ToArray());
    }

    [Fact]
    public async Task DeleteAsync_WhatIsGone_Conflicts()
    {
        var cells = New();
        var version = await cells.WriteAsync("cell", Bytes(10, 1), null, default);
        await cells.DeleteAsync("cell", version, default);

        await Conflicts(async () => await cells.DeleteAsync("cell", version, default));
    }

    [Fact]
    public async Task WriteAsync_CreatedAgainAfterDeleting_HasAVersionOfItsOwn()
    {
        var cells = New();
        var first = await cells.WriteAsync("cell", Bytes(10, 1), null, default);
        await cells.DeleteAsync("cell", first, default);

        var second = await cells.WriteAsync("cell", Bytes(10, 1), null, default);

        Assert.NotEqual(first, second);
        await Conflicts(() => cells.WriteAsync("cell", Bytes(10, 2), first, default));
    }

    [Fact]
    public async Task WriteAsync_ManyAtOnce_OneWins()
    {
        var cells = New();
        var version = await cells.WriteAsync("cell", Bytes(10, 0), null, default);

        var wins = await Task.WhenAll(Enumerable.Range(1, 16).Select(async i =>
        {
            try
            {
                await Task.Yield();
                await cells.WriteAsync("cell", Bytes(10, i), version, default);
                return i;
            }
            catch (StateCellConflictException)
            {
                return 0;
            }
        }));

        var winner = Assert.Single(wins, i => i > 0);
        Assert.Equal(Bytes(10, winner), (await cells.ReadAsync("cell", default))!.Bytes.ToArray());
    }

    [Fact]
    public async Task Cells_ManyInParallel_KeepApart()
    {
        var cells = New();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            await Task.Yield();
            var version = await cells.WriteAsync($"cell-{i}", Bytes(100 + i, i), null, default);
            version = await cells.WriteAsync($"cell-{i}", Bytes(200 + i, i), version, default);
            if (i % 3 == 0)
            {
                await cells.DeleteAsync($"cell-{i}", version, default);
            }
        }));

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i % 3 == 0 ? null : Bytes(200 + i, i), (await cells.ReadAsync($"cell-{i}", default))?.Bytes.ToArray());
        }
    }

    [Fact]
    public async Task Cells_OfDifferentOwners_NeverMeet()
    {
        var (one, another) = (New(), New());
        await one.WriteAsync("cell", Bytes(10, 1), null, default);

        Assert.Null(await another.ReadAsync("cell", default));
        await another.WriteAsync("cell", Bytes(10, 2), null, default);

        Assert.Equal(Bytes(10, 1), (await one.ReadAsync("cell", default))!.Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(GoodNames))]
    public async Task Cells_NameByTheRule_IsTaken(string name)
    {
        var cells = New();

        var version = await cells.WriteAsync(name, Bytes(1, 1), null, default);

        Assert.NotNull(await cells.ReadAsync(name, default));
        await cells.DeleteAsync(name, version, default);
    }

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Cells_NameAgainstTheRule_IsRefused(string name)
    {
        var cells = New();

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await cells.ReadAsync(name, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await cells.WriteAsync(name, Bytes(1, 1), null, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await cells.DeleteAsync(name, "1", default));
    }

    [Fact]
    public async Task WriteAsync_NoBytes_IsRefused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await New().WriteAsync("cell", Array.Empty<byte>(), null, default));

    [Fact]
    public async Task Cells_Cancelled_Stop()
    {
        var cells = New();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cells.ReadAsync("cell", cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cells.WriteAsync("cell", Bytes(1, 1), null, cancelled.Token));
    }

    private static byte[] Bytes(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task Conflicts(Func<ValueTask<string>> write) => await Conflicts(async () => { _ = await write(); });

    private static async Task Conflicts(Func<Task> change)
    {
        var exception = await Assert.ThrowsAsync<StateCellConflictException>(change);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
