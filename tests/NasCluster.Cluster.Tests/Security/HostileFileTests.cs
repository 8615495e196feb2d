using System.Text;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Catalog;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Security;

/// <summary>Search files and names that are wrong or meant to harm: refused by <c>nasctl</c> before it even looks for a cluster.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const int Failure = 1;
    private const int Usage = 2;
    private const string GoodFile = "model: small-world\ndata: {text: text.txt}\nobjectives: [perplexity, parameters]\n";

    // Nobody listens there, so whatever goes as far as the cluster ends with another exit code.
    private readonly string[] _nowhere = ["--gateway", $"127.0.0.1:{FreePorts.Take(1)[0]}"];
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> BadNames => ["../x", "a/b", "", new string('x', CatalogName.MaximumLength + 1), "Search", "a b", "a..b", "-a", "a\u0000b", "a\nb", "ä"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public Task Start_BillionLaughs_IsRefused()
    {
        var laughs = new StringBuilder("a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
        for (var i = 1; i < 10; i++)
        {
            laughs.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        return RefusedAsync(laughs + GoodFile, "search.yaml(");
    }

    [Fact]
    public Task Start_StringOf100Megabytes_IsRefused() => RefusedAsync($"model: {new string('x', 100 << 20)}\n", "search.yaml", "bytes");

    [Fact]
    public Task Start_NestedDeeply_IsRefused() => RefusedAsync($"model: {new string('[', 10_000)}{new string(']', 10_000)}\n", "search.yaml(1,");

    [Theory]
    [InlineData("modle: x\n", "modle is no known key")]
    [InlineData("space: !!System.Diagnostics.Process {}\n", "search.yaml(4,")]
    [InlineData("<<: {seed: 1}\n", "search.yaml(4,1)")]
    [InlineData("seed: 1\nseed: 2\n", "seed is there twice")]
    [InlineData("model2: \u0007\u001b[2Jx\n", "search.yaml(4,")]
    [InlineData("data: {tasks: {../../x: tasks.jsonl}}\n", "data is there twice")]
    public Task Start_OneMoreLine_IsRefused(string line, string says) => RefusedAsync(GoodFile + line, says);

    [Fact]
    public Task Start_TaskNameWithAPath_IsRefused() => RefusedAsync("model: small-world\ndata: {tasks: {../../x: tasks.jsonl}}\nobjectives: [parameters]\n", "../../x");

    [Theory]
    [InlineData("/")]
    [InlineData("..")]
    [InlineData("../../..")]
    [InlineData("models/Small World")]
    public Task Start_ModelThatIsNoName_IsRefused(string model) =>
        RefusedAsync(GoodFile.Replace("small-world", $"'{model}'", StringComparison.Ordinal), "is no name of a super-network");

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Start_BadName_IsRefused(string name)
    {
        if (!name.Contains('\0', StringComparison.Ordinal)) // No command line can hold it.
        {
            (await Nasctl.RunAsync(["search", "start", "-f", _directory.Write("search.yaml", GoodFile), "--name", name, .. _nowhere])).Refused(Failure, "is no name of a search");
            (await Nasctl.RunAsync(["search", "start", "-f", _directory.Write("search.yaml", GoodFile), "--super-network", name, .. _nowhere])).Refused(Failure, "is no name of a super-network");
        }
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("Search")]
    public async Task Delete_BadName_IsRefused(string name) => (await Nasctl.RunAsync(["search", "delete", name, .. _nowhere])).Refused(Usage, "NAME is no name of a search");

    [Theory]
    [InlineData("budget.evaluations=0", "budget.evaluations is 0")]
    [InlineData("no.such.key=1", "no.such.key")]
    [InlineData("seed", "it must be KEY=VALUE")]
    public async Task Start_BadSetting_IsRefused(string setting, string says) =>
        (await Nasctl.RunAsync(["search", "start", "-f", _directory.Write("search.yaml", GoodFile), "--set", setting, .. _nowhere])).Refused(Failure, says);

    [Fact]
    public async Task Start_SeveralProblems_SaysThemAllAtOnce()
    {
        var file = _directory.Write("search.yaml", "modle: x\ndata: {text: t, window: 1}\nseed: -1\n");

        var result = (await Nasctl.RunAsync(["search", "start", "-f", file, .. _nowhere])).Ended(Failure);

        Assert.Equal("", result.Output);
        Assert.Equal(3, result.ErrorLines.Length); // The key that should be model, the window and the seed.
        Assert.All(result.ErrorLines, line => Assert.StartsWith("nasctl: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NoSuchFile_IsRefused() =>
        (await Nasctl.RunAsync(["search", "start", "-f", _directory.At("absent.yaml"), .. _nowhere])).Refused(Failure, "absent.yaml cannot be read");

    private async Task RefusedAsync(string yaml, params string[] says) =>
        (await Nasctl.RunAsync(["search", "start", "-f", _directory.Write("search.yaml", yaml), "--name", "x", .. _nowhere])).Refused(Failure, says);
}
