using System.Security.Cryptography;
using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Storage.Contents;

public sealed class ContentCacheTests : IDisposable
{
    private const int MiB = ContentStore.ChunkSize;
    private readonly TemporaryDirectory _directory = new();
    private readonly VirtualTime _time = new();
    private readonly Source _source = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(MiB)]
    [InlineData((2 * MiB) + 3)]
    public async Task GetAsync_NotHere_FetchesIt(int size)
    {
        var hash = _source.Add(size);

        using var lease = await Cache().GetAsync(hash, _source, default);

        Assert.Equal(_source.Of(hash), await File.ReadAllBytesAsync(lease.Path));
        Assert.Equal(hash, Path.GetFileName(lease.Path));
        Assert.Empty(Directory.GetFiles(_directory.Root, "*.part"));
    }

    [Fact]
    public async Task GetAsync_Here_FetchesNothingEvenAfterARestart()
    {
        var hash = _source.Add(1000);
        var cache = Cache();
        (await cache.GetAsync(hash, _source, default)).Dispose();

        (await cache.GetAsync(hash, _source, default)).Dispose();
        (await Cache().GetAsync(hash, _source, default)).Dispose();

        Assert.Equal([0], _source.Opened);
    }

    [Fact]
    public async Task GetAsync_ManyAskAtOnce_FetchesOnce()
    {
        var hash = _source.Add(2 * MiB);
        var cache = Cache();

        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await cache.GetAsync(hash, _source, default))));

        Assert.Equal([0], _source.Opened);
        Assert.All(leases, lease => Assert.True(File.Exists(lease.Path)));
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task GetAsync_AnotherProcessFetches_WaitsAndTakesItsFile()
    {
        // Another cache object has other locks, as another process would; it fetches half and then waits to be let go.
        var hash = _source.Add(2 * MiB);
        _source.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(async () => await Cache(TimeProvider.System).GetAsync(hash, _source, default));
        await _source.Reached.Task;
        var second = Task.Run(async () => await Cache(TimeProvider.System).GetAsync(hash, _source, default));

        Assert.False(File.Exists(_directory.At(hash)));
        _source.Gate.SetResult();

        using var a = await first;
        using var b = await second;
        Assert.Equal([0], _source.Opened);
        Assert.Equal(_source.Of(hash), await File.ReadAllBytesAsync(b.Path));
    }

    [Fact]
    public async Task GetAsync_GivenUpWhileAnotherFetches_IsCancelledAlone()
    {
        var hash = _source.Add(2 * MiB);
        var cache = Cache();
        _source.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(async () => await cache.GetAsync(hash, _source, default));
        await _source.Reached.Task;
        using var given = new CancellationTokenSource();
        var second = cache.GetAsync(hash, _source, given.Token).AsTask();
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _source.Gate.SetResult();

        (await first).Dispose();
        Assert.Equal([0], _source.Opened);
    }

    [Fact]
    public async Task GetAsync_AfterAnInterruption_GoesOnAtAChunk()
    {
        var hash = _source.Add((4 * MiB) + 5);
        _source.FailAfter = (2 * MiB) + 12345;
        await Assert.ThrowsAsync<StateCellException>(async () => await Cache().GetAsync(hash, _source, default));
        Assert.False(File.Exists(_directory.At(hash)));

        _source.FailAfter = null;
        using var lease = await Cache().GetAsync(hash, _source, default);

        Assert.Equal([0, 2 * MiB], _source.Opened);
        Assert.Equal(_source.Of(hash), await File.ReadAllBytesAsync(lease.Path));
    }

    [Fact]
    public async Task GetAsync_PartIsTornOrDamaged_EndsWithTheRightFile()
    {
        var hash = _source.Add((3 * MiB) + 5);
        foreach (var part in (byte[][])
            [[1, 2, 3], _source.Of(hash)[..(MiB + 7)], [.. new byte[2 * MiB]], [.. _source.Of(hash), 1], new byte[8 * MiB], _source.Of(hash)])
        {
            _directory.Write(hash + ".part", part);

            using (var lease = await Cache().GetAsync(hash, _source, default))
            {
                Assert.Equal(_source.Of(hash), await File.ReadAllBytesAsync(lease.Path));
            }

            Assert.False(File.Exists(_directory.At(hash + ".part")));
            File.Delete(_directory.At(hash));
        }
    }

    [Fact]
    public async Task GetAsync_FileDamagedOnDisk_FetchesItAnew()
    {
        var hash = _source.Add(1000);
        _directory.Write(hash, "something else");

        using var lease = await Cache().GetAsync(hash, _source, default);

        Assert.Equal(_source.Of(hash), await File.ReadAllBytesAsync(lease.Path));
    }

    [Fact]
    public async Task GetAsync_SourceGivesSomethingElse_FailsAndLeavesNoFile()
    {
        var hash = _source.Add(1000);
        _source.Of(hash)[5] ^= 1;

        var exception = await Assert.ThrowsAsync<NasClusterException>(async () => await Cache().GetAsync(hash, _source, default));

        Assert.Equal($"What storage gives for content {hash} has another hash.", exception.Message);
        Assert.False(File.Exists(_directory.At(hash)));
    }

    [Fact]
    public async Task GetAsync_BeyondTheCapacity_RemovesTheLeastRecentlyUsed()
    {
        var cache = Cache(capacity: 2500);
        var hashes = Enumerable.Range(0, 3).Select(i => _source.Add(1000 + i)).ToArray();
        await UseAsync(cache, hashes[0]);
        await UseAsync(cache, hashes[1]);
        await UseAsync(cache, hashes[0]);

        await UseAsync(cache, hashes[2]);

        Assert.Equal([true, false, true], hashes.Select(hash => File.Exists(_directory.At(hash))));
        await UseAsync(cache, hashes[1]);
        Assert.Equal([false, true, true], hashes.Select(hash => File.Exists(_directory.At(hash))));
    }

    [Fact]
    public async Task GetAsync_LeasedHereOrElsewhere_IsNeverRemoved()
    {
        var hashes = Enumerable.Range(0, 4).Select(i => _source.Add(1000 + i)).ToArray();
        var cache = Cache(capacity: 1500);
        var here = await cache.GetAsync(hashes[0], _source, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        var elsewhere = await Cache(capacity: 1500).GetAsync(hashes[1], _source, default);
        _time.Advance(TimeSpan.FromSeconds(1));

        await UseAsync(cache, hashes[2]);
        Assert.True(File.Exists(here.Path) && File.Exists(elsewhere.Path));

        here.Dispose();
        await UseAsync(cache, hashes[3]);
        Assert.False(File.Exists(here.Path));
        Assert.True(File.Exists(elsewhere.Path));
        elsewhere.Dispose();
    }

    [Fact]
    public async Task GetAsync_LeasedTwiceAndGivenBackOnce_IsKept()
    {
        var (first, other) = (_source.Add(1000), _source.Add(1001));
        var cache = Cache(capacity: 0);
        var leases = (await cache.GetAsync(first, _source, default), await cache.GetAsync(first, _source, default));

        leases.Item1.Dispose();
        leases.Item1.Dispose();
        await UseAsync(cache, other);

        Assert.True(File.Exists(leases.Item2.Path));
        leases.Item2.Dispose();
    }

    [Fact]
    public async Task GetAsync_ForgottenParts_AreRemovedToo()
    {
        var forgotten = _source.Add(3 * MiB);
        _source.FailAfter = 2 * MiB;
        await Assert.ThrowsAsync<StateCellException>(async () => await Cache().GetAsync(forgotten, _source, default));
        File.SetLastWriteTimeUtc(_directory.At(forgotten + ".part"), DateTime.UnixEpoch);
        _source.FailAfter = null;
        _time.Advance(TimeSpan.FromSeconds(1));

        await UseAsync(Cache(capacity: 2000), _source.Add(1000));

        Assert.False(File.Exists(_directory.At(forgotten + ".part")));
    }

    [Fact]
    public async Task GetAsync_JunkInTheDirectory_IsLeftAlone()
    {
        _directory.Write("notes.txt", "mine");
        _directory.Write(new string('g', 64), "no hash");
        _directory.Write("abc.part", "no hash");
        Directory.CreateDirectory(_directory.At(new string('b', 64)));
        var hash = _source.Add(1000);
        var cache = Cache(capacity: 0);

        await UseAsync(cache, hash);
        await UseAsync(cache, _source.Add(1001));

        Assert.True(File.Exists(_directory.At("notes.txt")) && File.Exists(_directory.At(new string('g', 64))) && File.Exists(_directory.At("abc.part")));
        Assert.False(File.Exists(_directory.At(hash)));
    }

    [Fact]
    public async Task GetAsync_ADirectoryHasTheName_SaysWhatIsWrong()
    {
        var hash = _source.Add(1000);
        Directory.CreateDirectory(_directory.At(hash));

        var exception = await Assert.ThrowsAsync<NasClusterException>(async () => await Cache().GetAsync(hash, _source, default));

        Assert.StartsWith($"The cache directory '{_directory.Root}' cannot be used: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("")]
    public async Task GetAsync_NoHash_IsRefused(string hash) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Cache().GetAsync(hash, _source, default));

    [Fact]
    public async Task GetAsync_FromAContentStore_FetchesTheRestOnly()
    {
        var cells = new MemoryStateCells();
        var store = new ContentStore(cells);
        var bytes = ContentStoreTests.Bytes((3 * MiB) + 9);
        var hash = await store.PutAsync(new MemoryStream(bytes), default);
        _directory.Write(hash + ".part", bytes[..(2 * MiB)]);
        var first = ContentStore.ChunkName(ContentStore.Hash(bytes.AsSpan(0, MiB)));
        await cells.DeleteAsync(first, (await cells.ReadAsync(first, default))!.Version, default);

        using var lease = await Cache().GetAsync(hash, store, default);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(lease.Path));
    }

    private ContentCache Cache(TimeProvider? time = null, long capacity = long.MaxValue) => new(_directory.Root, capacity, time ?? _time);

    private async Task UseAsync(ContentCache cache, string hash)
    {
        (await cache.GetAsync(hash, _source, default)).Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Contents that count who opens them where, and can stop half-way.</summary>
    private sealed class Source : IContentStore
    {
        private readonly Dictionary<string, byte[]> _contents = [];

        public List<long> Opened { get; } = [];

        public int? FailAfter { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Add(int size)
        {
            var bytes = ContentStoreTests.Bytes(size);
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            _contents[hash] = bytes;
            return hash;
        }

        public byte[] Of(string hash) => _contents[hash];

        public ValueTask<IReadOnlyList<string>> FindMissingAsync(IReadOnlyList<string> hashes, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<string> PutAsync(Stream content, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<Stream> OpenAsync(string hash, CancellationToken cancellation) => OpenAsync(hash, 0, cancellation);

        public ValueTask<Stream> OpenAsync(string hash, long offset, CancellationToken cancellation)
        {
            lock (Opened)
            {
                Opened.Add(offset);
            }

            return ValueTask.FromResult<Stream>(new SourceStream(this, _contents[hash], (int)Math.Min(offset, _contents[hash].Length)));
        }
    }

    private sealed class SourceStream(Source source, byte[] bytes, int position) : MemoryStream(bytes, position, bytes.Length - position, writable: false)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= source.FailAfter)
            {
                throw new StateCellException("Storage went away.");
            }

            if (Position >= ContentStore.ChunkSize && source.Gate is { } gate)
            {
                source.Reached.TrySetResult();
                await gate.Task;
            }

            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, 50_000)], cancellationToken);
        }
    }
}
