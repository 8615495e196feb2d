using System.Security.Cryptography;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Testing;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Storage.Contents;

public class ContentStoreTests(ITestOutputHelper output)
{
    private const int Chunk = 100;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(10 * Chunk)]
    [InlineData((37 * Chunk) + 5)]
    public async Task PutAsync_AnySize_ComesBackEqual(int size)
    {
        var cells = new MemoryStateCells();
        var store = new ContentStore(cells, Chunk);
        var bytes = Bytes(size);

        var hash = await store.PutAsync(new MemoryStream(bytes), default);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), hash);
        Assert.Equal(bytes, await ReadAsync(store, hash));
        Assert.Empty(await store.FindMissingAsync([hash], default));
        Assert.DoesNotContain(cells.Names, name => name.StartsWith("upload-", StringComparison.Ordinal));
        for (var offset = 0; offset <= size + 1; offset += Math.Max(1, size / 7))
        {
            Assert.Equal(bytes[Math.Min(offset, size)..], await ReadAsync(store, hash, offset));
        }
    }

    [Fact]
    public async Task PutAsync_UsualChunks_ComesBackEqual()
    {
        var store = new ContentStore(new MemoryStateCells());
        var bytes = Bytes((5 << 20) + 17);

        Assert.Equal(bytes, await ReadAsync(store, await store.PutAsync(new MemoryStream(bytes), default)));
    }

    [Fact]
    public async Task PutAsync_FromThePosition_StoresWhatFollows()
    {
        var store = new ContentStore(new MemoryStateCells(), Chunk);
        var bytes = Bytes(1000);

        var hash = await store.PutAsync(new MemoryStream(bytes) { Position = 321 }, default);

        Assert.Equal(bytes[321..], await ReadAsync(store, hash));
    }

    [Fact]
    public async Task PutAsync_AgainOrWithEqualChunks_StoresEachOnce()
    {
        var cells = new MemoryStateCells();
        var store = new ContentStore(cells, Chunk);
        await store.PutAsync(new MemoryStream(new byte[50 * Chunk]), default);
        Assert.Equal(2, cells.Names.Count);

        var writes = cells.Writes;
        await store.PutAsync(new MemoryStream(new byte[50 * Chunk]), default);
        Assert.Equal(writes, cells.Writes);

        await store.PutAsync(new MemoryStream([.. new byte[20 * Chunk], 1]), default);
        Assert.Equal(4, cells.Names.Count);
    }

    [Fact]
    public async Task PutAsync_Interrupted_IsNotThereAndGoesOnWithoutSendingAgain()
    {
        var cells = new MemoryStateCells();
        var bytes = Bytes(200 * Chunk);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var limited = new LimitedCells(cells, writes: 150);

        await Assert.ThrowsAsync<StateCellException>(async () => await new ContentStore(limited, Chunk).PutAsync(new MemoryStream(bytes), default));

        var store = new ContentStore(cells, Chunk);
        Assert.Equal([hash], await store.FindMissingAsync([hash], default));
        await Assert.ThrowsAsync<NasClusterException>(async () => await store.OpenAsync(hash, default));

        var before = cells.Writes;
        Assert.Equal(hash, await store.PutAsync(new MemoryStream(bytes), default));
        Assert.InRange(cells.Writes - before, 50, 100);
        Assert.Equal(bytes, await ReadAsync(store, hash));
    }

    [Fact]
    public async Task PutAsync_StorageFails_ArrivesInTheEnd()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var time = new VirtualTime();
            var truth = new MemoryStateCells();
            var cells = new FaultyStateCells(truth, seed, time);
            var store = new ContentStore(cells, Chunk);
            var bytes = Bytes(60 * Chunk);
            var hash = await Insist(async () => await store.PutAsync(new MemoryStream(bytes), default), time);
            await cells.DeliverAsync();

            await using var stream = await Insist(async () => await store.OpenAsync(hash, default), time);
            var read = new byte[bytes.Length + 1];
            var count = 0;
            while (await Insist(async () => await stream.ReadAsync(read.AsMemory(count)), time) is > 0 and var more)
            {
                count += more;
            }

            Assert.Equal(bytes, read[..count]);
            Assert.Null(await new ContentStore(truth, Chunk).VerifyAsync(hash, default));
        }
    }

    [Fact]
    public async Task PutAsync_ContentChangesMeanwhile_IsRefused()
    {
        var store = new ContentStore(new MemoryStateCells(), Chunk);

        var exception = await Assert.ThrowsAsync<NasClusterException>(async () => await store.PutAsync(new ChangingStream(Bytes(1000)), default));

        Assert.Equal("The content changed while it was being stored, in its chunk 4; it must stay as it is until then.", exception.Message);
    }

    [Fact]
    public async Task OpenAsync_DamagedChunk_FailsThereAndCanBeMended()
    {
        var cells = new MemoryStateCells();
        var store = new ContentStore(cells, Chunk);
        var bytes = Bytes(10 * Chunk);
        var hash = await store.PutAsync(new MemoryStream(bytes), default);
        var name = ContentStore.ChunkName(ContentStore.Hash(bytes.AsSpan(3 * Chunk, Chunk)));
        var damaged = (await cells.ReadAsync(name, default))!;
        byte[] other = [.. damaged.Bytes.Span];
        other[50] ^= 1;
        await cells.WriteAsync(name, other, damaged.Version, default);

        await using var stream = await store.OpenAsync(hash, default);
        await stream.ReadExactlyAsync(new byte[3 * Chunk], default);
        var exception = await Assert.ThrowsAsync<NasClusterException>(async () => await stream.ReadExactlyAsync(new byte[1]));

        Assert.Equal($"Content {hash} is damaged in storage: its chunk 3 of 10 is not what it was.", exception.Message);
        Assert.Equal(exception.Message, await store.VerifyAsync(hash, default));
        Assert.Equal([hash], await store.FindMissingAsync([hash], default));
        Assert.Equal(hash, await store.PutAsync(new MemoryStream(bytes), default));
        Assert.Null(await store.VerifyAsync(hash, default));
    }

    [Fact]
    public async Task OpenAsync_MissingChunk_SaysSo()
    {
        var cells = new MemoryStateCells();
        var store = new ContentStore(cells, Chunk);
        var bytes = Bytes(250);
        var hash = await store.PutAsync(new MemoryStream(bytes), default);
        var name = ContentStore.ChunkName(ContentStore.Hash(bytes.AsSpan(200)));
        await cells.DeleteAsync(name, (await cells.ReadAsync(name, default))!.Version, default);

        var exception = await Assert.ThrowsAsync<NasClusterException>(async () => await ReadAsync(store, hash));

        Assert.Equal($"Content {hash} is damaged in storage: its chunk 2 of 3 is missing.", exception.Message);
    }

    [Fact]
    public async Task OpenAsync_ManifestOfOtherChunks_FailsAtTheEnd()
    {
        var cells = new MemoryStateCells();
        var store = new ContentStore(cells, Chunk);
        await store.PutAsync(new MemoryStream(Bytes(250)), default);
        var manifest = (await cells.ReadAsync(cells.Names.Single(name => name.StartsWith("content-", StringComparison.Ordinal)), default))!;
        var hash = new string('a', 64);
        await cells.WriteAsync(ContentStore.ManifestName(hash), manifest.Bytes, null, default);

        var exception = await Assert.ThrowsAsync<NasClusterException>(async () => await ReadAsync(store, hash));

        Assert.Contains("together they are another content", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("../../../../../../../../../../../../../../../../../../../etc/hosts")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task OpenAsync_NoHash_IsRefused(string hash)
    {
        var store = new ContentStore(new MemoryStateCells());

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.OpenAsync(hash, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.FindMissingAsync([hash], default));
    }

    [Fact]
    public void DecodeManifest_Fuzzed_IsReadOrNull()
    {
        var seeds = new[] { 0, 99, 100, 1001 }.Select(size => new ContentManifest(
            size, Chunk, [.. Enumerable.Range(0, (size + Chunk - 1) / Chunk).Select(i => ContentStore.Hash([(byte)i]))]).Encode()).ToArray();
        var read = 0;

        var report = Fuzzer.Run(seeds, bytes =>
        {
            if (bytes.Length >= SHA256.HashSizeInBytes)
            {
                SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes), bytes.AsSpan(^SHA256.HashSizeInBytes..));
            }

            if (ContentManifest.Decode("content", bytes) is { } manifest)
            {
                read++;
                Assert.Equal(manifest.Size, Enumerable.Range(0, manifest.Chunks.Count).Sum(chunk => (long)manifest.SizeOf(chunk)));
            }
        });

        output.WriteLine($"{report}; {read} read");
        Assert.InRange(read, seeds.Length + 1, report.Count - 1);
    }

    internal static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> ReadAsync(IContentStore store, string hash, long offset = 0)
    {
        await using var stream = await store.OpenAsync(hash, offset, default);
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    private static async Task<T> Insist<T>(Func<Task<T>> call, VirtualTime time)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (StateCellException) when (attempt < 1000)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>Takes some writes and then fails, as for a process that is killed.</summary>
    private sealed class LimitedCells(IStateCells inner, int writes) : IStateCells
    {
        private int _left = writes;

        public ValueTask<StateCell?> ReadAsync(string name, CancellationToken cancellation) => inner.ReadAsync(name, cancellation);

        public ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> bytes, string? version, CancellationToken cancellation) =>
            Interlocked.Decrement(ref _left) >= 0 ? inner.WriteAsync(name, bytes, version, cancellation) : throw new StateCellException("No more writes.");

        public ValueTask DeleteAsync(string name, string version, CancellationToken cancellation) => inner.DeleteAsync(name, version, cancellation);
    }

    /// <summary>Has another byte 450 when it is read a second time.</summary>
    private sealed class ChangingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override long Position
        {
            get => base.Position;
            set
            {
                base.Position = 450;
                WriteByte(0);
                base.Position = value;
            }
        }
    }
}
