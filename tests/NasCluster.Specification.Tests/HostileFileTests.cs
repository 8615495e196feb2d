using System.Diagnostics;
using NasCluster.Core.Specification;
using Xunit.Abstractions;

namespace NasCluster.Specification.Tests;

/// <summary>Files as large as the reader takes, made to find what costs more than its size.</summary>
public sealed class HostileFileTests(ITestOutputHelper output)
{
    // Quadratic work on 256 K letters takes minutes; linear work takes milliseconds. The limit only has to tell these apart on a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("[")]
    [InlineData("[a,")]
    [InlineData("{a: ")]
    [InlineData("{a,")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("a:\n ")]
    [InlineData("\"")]
    [InlineData("\"\\")]
    [InlineData("'")]
    [InlineData("a ")]
    [InlineData("a\n")]
    [InlineData("a\n ")]
    [InlineData("\n")]
    [InlineData(" ")]
    [InlineData("\t")]
    [InlineData("#")]
    [InlineData("# \n")]
    [InlineData("&a ")]
    [InlineData("*a ")]
    [InlineData("!")]
    [InlineData("!a ")]
    [InlineData("%a\n")]
    [InlineData("---\n")]
    [InlineData("...\n")]
    [InlineData("|\n ")]
    [InlineData(">\n ")]
    [InlineData("\"\\u0041")]
    [InlineData("<<: ")]
    [InlineData("\0")]
    [InlineData("\uFEFF")]
    public async Task Read_OnePatternRepeatedToTheLimit_TakesLittle(string pattern)
    {
        foreach (var start in new[] { "", "model: ", "objectives: [", "model: |\n ", "model: \"" })
        {
            var text = (start + string.Concat(Enumerable.Repeat(pattern, 1 + (SpecLimits.Length / pattern.Length))))[..SpecLimits.Length];
            var clock = Stopwatch.StartNew();
            var reading = await Task.Factory.StartNew(
                () => SearchSpecReader.Read(text), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Limit);
            Assert.All(reading.Problems, (SpecProblem p) => Assert.InRange(p.Message.Length, 1, 1010));
            if (clock.ElapsedMilliseconds > 200)
            {
                output.WriteLine($"{start}{pattern}: {clock.ElapsedMilliseconds} ms");
            }
        }
    }
}
