using System.Text;
using NasCluster.Core;
using NasCluster.Testing.Fuzzing;
using Xunit.Sdk;

namespace NasCluster.Llama.Tests.Fuzzing;

/// <summary>The driver itself: a check that never fails would vouch for any parser.</summary>
public class FuzzerTests
{
    private static readonly byte[][] Seeds = [Encoding.ASCII.GetBytes("{\"length\": 12, \"more\": [1, 2, 3]}")];

    [Fact]
    public void Run_SameSeed_MakesTheSameInputs()
    {
        static List<string> Inputs(int seed)
        {
            var seen = new List<string>();
            Fuzzer.Run(Seeds, b => seen.Add(Convert.ToHexString(b)), new FuzzOptions { Count = 200, Seed = seed });
            return seen;
        }

        Assert.Equal(Inputs(1), Inputs(1));
        Assert.NotEqual(Inputs(1), Inputs(2));
        Assert.True(Inputs(1).Distinct().Count() > 150);
    }

    [Fact]
    public void Run_RefusalsAndSuccesses_AreCounted()
    {
        var report = Fuzzer.Run(Seeds, b => _ = b.Length > 0 && b[^1] == '}' ? 0 : throw new NasClusterException("x: no brace."), new FuzzOptions { Count = 500 });
        Assert.Equal(500, report.Count);
        Assert.Equal(500, report.Accepted + report.Refused);
        Assert.True(report.Accepted > 50 && report.Refused > 50);
    }

    [Fact]
    public void Run_OtherException_FailsWithTheInput()
    {
        var e = AssertFails(b => _ = b.Length == Seeds[0].Length ? 0 : throw new InvalidDataException("boom"));
        Assert.Contains("boom", e.Message);
        Assert.Contains("Input: ", e.Message);
    }

    [Fact]
    public void Run_MessageOfTwoLines_Fails() =>
        Assert.Contains("one line", AssertFails(b => _ = b.Length == Seeds[0].Length ? 0 : throw new NasClusterException("a\nb")).Message);

    [Fact]
    public void Run_MemoryOutOfProportion_Fails() =>
        Assert.Contains("allocated", AssertFails(b => GC.KeepAlive(b.Length == Seeds[0].Length ? null : new byte[10_000_000])).Message);

    [Fact]
    public void Run_Hang_Fails()
    {
        using var release = new ManualResetEventSlim();
        var e = AssertFails(b => _ = b.Length == Seeds[0].Length || release.Wait(TimeSpan.FromMinutes(1)), TimeSpan.FromMilliseconds(300));
        release.Set();
        Assert.Contains("still running after 0.3 s", e.Message);
    }

    [Fact]
    public void Run_SeedRefused_Fails() =>
        Assert.Contains("well-formed seed", AssertFails(_ => throw new NasClusterException("no")).Message);

    private static XunitException AssertFails(Action<byte[]> parse, TimeSpan? limit = null) => Assert.Throws<XunitException>(
        () => Fuzzer.Run(Seeds, parse, new FuzzOptions { Count = 300, TimeLimit = limit ?? TimeSpan.FromSeconds(30) }));
}
