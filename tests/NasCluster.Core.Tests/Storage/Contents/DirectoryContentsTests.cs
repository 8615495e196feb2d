using System.Text;
using NasCluster.Core.Storage.Contents;
using NasCluster.Testing;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Core.Tests.Storage.Contents;

public sealed class DirectoryContentsTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string Hash = new('a', 64);

    private readonly TemporaryDirectory _directory = new();
    private readonly ContentStore _store = new(new MemoryStateCells());

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task MaterialiseAsync_StoredDirectory_HasTheSameFiles()
    {
        Model("model");
        Directory.CreateDirectory(_directory.At("model/.cache"));
        _directory.Write("model/.cache/lock", "not of the model");
        _directory.Write("model/.gitattributes", "not of the model");

        var hash = await DirectoryContents.PutAsync(_directory.At("model"), _store, default);
        using var lease = await DirectoryContents.MaterialiseAsync(hash, _directory.At("made"), Cache(), _store, default);

        Assert.Equal(
            ["config.json", "model-00001-of-00002.safetensors", "original/params.json"],
            Directory.GetFiles(lease.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(lease.Path, path)).Order(StringComparer.Ordinal));
        Assert.Equal(new byte[3 << 20], await File.ReadAllBytesAsync(Path.Combine(lease.Path, "model-00001-of-00002.safetensors")));
        Assert.Equal("{}", await File.ReadAllTextAsync(Path.Combine(lease.Path, "original/params.json")));
        Assert.False(File.Exists(_directory.At("made/.gitattributes")));
    }

    [Fact]
    public async Task PutAsync_SameFilesElsewhere_HaveTheSameHash()
    {
        Model("one");
        Model("two");

        Assert.Equal(
            await DirectoryContents.PutAsync(_directory.At("one"), _store, default), await DirectoryContents.PutAsync(_directory.At("two"), _store, default));
        _directory.Write("two/config.json", "{ }");
        Assert.NotEqual(
            await DirectoryContents.PutAsync(_directory.At("one"), _store, default), await DirectoryContents.PutAsync(_directory.At("two"), _store, default));
    }

    [Fact]
    public async Task MaterialiseAsync_AgainOverWhatIsThere_PutsItRight()
    {
        Model("model");
        var hash = await DirectoryContents.PutAsync(_directory.At("model"), _store, default);
        (await DirectoryContents.MaterialiseAsync(hash, _directory.At("made"), Cache(), _store, default)).Dispose();
        File.Delete(_directory.At("made/config.json"));
        _directory.Write("made/config.json", "tampered with");

        using var lease = await DirectoryContents.MaterialiseAsync(hash, _directory.At("made"), Cache(), _store, default);

        Assert.Equal("{\"model_type\": \"llama\"}", await File.ReadAllTextAsync(_directory.At("made/config.json")));
    }

    [Fact]
    public async Task MaterialiseAsync_Leased_IsNotEvicted()
    {
        Model("model");
        var hash = await DirectoryContents.PutAsync(_directory.At("model"), _store, default);
        var other = await _store.PutAsync(new MemoryStream([1, 2, 3]), default);
        var cache = Cache(capacity: 0);
        using (await DirectoryContents.MaterialiseAsync(hash, _directory.At("made"), cache, _store, default))
        {
            (await cache.GetAsync(other, _store, default)).Dispose();
            Assert.True(File.Exists(_directory.At("made/config.json")) && File.ReadAllText(_directory.At("made/config.json")).Length > 0);
        }
    }

    [Fact]
    public async Task MaterialiseAsync_LinkInTheWay_IsNotFollowed()
    {
        Model("model");
        var hash = await DirectoryContents.PutAsync(_directory.At("model"), _store, default);
        Directory.CreateDirectory(_directory.At("outside"));
        Directory.CreateDirectory(_directory.At("made"));
        Directory.CreateSymbolicLink(_directory.At("made/original"), _directory.At("outside"));

        var exception = await Assert.ThrowsAsync<NasClusterException>(async () =>
            await DirectoryContents.MaterialiseAsync(hash, _directory.At("made"), Cache(), _store, default));

        Assert.Contains("is a link", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.At("outside")));
    }

    [Fact]
    public async Task ReadManifestAsync_OtherContent_IsRefused()
    {
        var small = await _store.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes("[1, 2]")), default);
        var large = await _store.PutAsync(new MemoryStream(new byte[20 << 20]), default);

        await Assert.ThrowsAsync<NasClusterException>(async () => await DirectoryContents.ReadManifestAsync(small, _store, default));
        var exception = await Assert.ThrowsAsync<NasClusterException>(async () => await DirectoryContents.ReadManifestAsync(large, _store, default));
        Assert.Contains("more than 8388608 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutAsync_NameAgainstTheRule_IsRefusedBeforeAnythingIsStored()
    {
        var cells = new MemoryStateCells();
        Model("model");
        _directory.Write("model/a b.json", "{}");

        await Assert.ThrowsAsync<NasClusterException>(async () => await DirectoryContents.PutAsync(_directory.At("model"), new ContentStore(cells), default));

        Assert.Empty(cells.Names);
    }

    [Fact]
    public async Task PutAsync_NoDirectory_SaysSo()
    {
        var exception = await Assert.ThrowsAsync<NasClusterException>(async () => await DirectoryContents.PutAsync(_directory.At("nowhere"), _store, default));

        Assert.StartsWith($"Directory '{_directory.At("nowhere")}' cannot be read: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("original/tokenizer.model")]
    [InlineData("a/b/c/d/e/f/g/h")]
    [InlineData("model-00001-of-00002.safetensors")]
    public void Of_PathByTheRule_IsTaken(string path) => Assert.Equal(path, DirectoryManifest.Of([new(path, 1, Hash)]).Files[0].Path);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("..\\a")]
    [InlineData("C:a")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a.")]
    [InlineData(".hidden")]
    [InlineData("é")]
    [InlineData("\uff0e\uff0e/a")]
    [InlineData("a/b/c/d/e/f/g/h/i")]
    public void Of_PathAgainstTheRule_IsRefused(string path)
    {
        var exception = Assert.Throws<NasClusterException>(() => DirectoryManifest.Of([new(path, 1, Hash)]));

        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Of_PathsThatCannotStandTogether_AreRefused()
    {
        Assert.Throws<NasClusterException>(() => DirectoryManifest.Of([]));
        Assert.Throws<NasClusterException>(() => DirectoryManifest.Of([new("a", 1, Hash), new("A", 1, Hash)]));
        Assert.Throws<NasClusterException>(() => DirectoryManifest.Of([new("a", 1, Hash), new("a/b", 1, Hash)]));
        Assert.Throws<NasClusterException>(() => DirectoryManifest.Of([new("a", 1, "short")]));
        Assert.Throws<NasClusterException>(() => DirectoryManifest.Of([new("a", -1, Hash)]));
    }

    [Fact]
    public void Parse_Fuzzed_AcceptsOrRefusesInOneLine()
    {
        var manifest = DirectoryManifest.Of([new("config.json", 12, Hash), new("original/params.json", 7, Hash)]);
        Assert.Equal([.. manifest.Files], DirectoryManifest.Parse(manifest.ToJson()).Files.ToArray());

        output.WriteLine(Fuzzer.Run(
            [manifest.ToJson()], bytes => DirectoryManifest.Parse(bytes), new FuzzOptions { Words = ["\"path\"", "\"..\"", "../", "/", "\\u0000"] }).ToString());
    }

    private void Model(string name)
    {
        Directory.CreateDirectory(_directory.At($"{name}/original"));
        _directory.Write($"{name}/config.json", "{\"model_type\": \"llama\"}");
        _directory.Write($"{name}/model-00001-of-00002.safetensors", new byte[3 << 20]);
        _directory.Write($"{name}/original/params.json", "{}");
    }

    private ContentCache Cache(long capacity = long.MaxValue) => new(_directory.At("cache"), capacity, new VirtualTime());
}
