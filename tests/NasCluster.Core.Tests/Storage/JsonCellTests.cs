using NasCluster.Core.Storage;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage;

public class JsonCellTests
{
    private const string Name = "value";

    private readonly MemoryStateCells _cells = new();

    [Fact]
    public async Task WriteAsync_Value_IsReadByAnother()
    {
        await New(_cells).WriteAsync(["a", "b"], default);

        Assert.Equal(["a", "b"], (await New(_cells).ReadAsync(default))!);
    }

    [Fact]
    public async Task WriteAsync_AnotherWroteSince_IsRefused()
    {
        var (one, another) = (New(_cells), New(_cells));
        await one.WriteAsync(["one"], default);

        await Assert.ThrowsAsync<StateCellConflictException>(() => another.WriteAsync(["another"], default));

        Assert.Equal(["one"], (await New(_cells).ReadAsync(default))!);
    }

    [Fact]
    public async Task WriteAsync_StorageClientRepeatedAWriteThatHadArrived_GoesOn()
    {
        var cell = New(new RepeatingCells(_cells));

        await cell.WriteAsync(["first"], default);
        await cell.WriteAsync(["second"], default);

        Assert.Equal(["second"], (await New(_cells).ReadAsync(default))!);
    }

    [Fact]
    public async Task DeleteAsync_StorageClientRepeatedADeletionThatHadArrived_GoesOn()
    {
        var cell = New(new RepeatingCells(_cells));
        await cell.WriteAsync(["first"], default);

        await cell.DeleteAsync(default);
        Assert.Empty(_cells.Names);
        await cell.WriteAsync(["second"], default);

        Assert.Equal(["second"], (await New(_cells).ReadAsync(default))!);
    }

    [Fact]
    public async Task DeleteAsync_AnotherWroteSince_IsRefused()
    {
        var one = New(_cells);
        await one.WriteAsync(["one"], default);
        var another = New(_cells);
        await another.ReadAsync(default);
        await another.WriteAsync(["another"], default);

        await Assert.ThrowsAsync<StateCellConflictException>(() => one.DeleteAsync(default));
    }

    [Fact]
    public async Task ReadAsync_LayoutOfANewerProgram_IsRefused()
    {
        await new JsonCell<string[]>(_cells, Name, schema: 2).WriteAsync(["new"], default);

        var exception = await Assert.ThrowsAsync<NasClusterException>(() => New(_cells).ReadAsync(default));

        Assert.Equal("Cell value has layout 2; this program reads layouts up to 1. A newer silo wrote it.", exception.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"schema\":1,\"value\":3}")]
    [InlineData("{\"schema\":\"one\",\"value\":[]}")]
    public async Task ReadAsync_SomethingElse_IsRefusedInOneLine(string json)
    {
        await _cells.WriteAsync(Name, System.Text.Encoding.UTF8.GetBytes(json + " "), null, default);

        var exception = await Assert.ThrowsAsync<NasClusterException>(() => New(_cells).ReadAsync(default));

        Assert.StartsWith("Cell value is damaged: ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static JsonCell<string[]> New(IStateCells cells) => new(cells, Name, schema: 1);

    /// <summary>Cells whose client does everything twice, as if it had not heard of the first time.</summary>
    private sealed class RepeatingCells(IStateCells inner) : IStateCells
    {
        public ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation) => inner.ReadAsync(name, cancellation);

        public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation)
        {
            await inner.WriteAsync(name, bytes, version, cancellation);
            return await inner.WriteAsync(name, bytes, version, cancellation);
        }

        public async ValueTask DeleteAsync(string name, string version, CancellationToken cancellation)
        {
            await inner.DeleteAsync(name, version, cancellation);
            await inner.DeleteAsync(name, version, cancellation);
        }
    }
}
