namespace NasCluster.Local.Tests;

/// <summary>What every refusal of the program looks like.</summary>
internal static class Refusal
{
    /// <summary>Something given or found is wrong.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Fails unless there is exactly one line on standard error, with all of these in it, and nothing on standard output.</summary>
    public static void AssertOneLine(NasResult result, int exitCode, params string[] parts)
    {
        AssertLines(result, exitCode, 1);
        Assert.All(parts, part => Assert.True(result.Errors.Contains(part, StringComparison.Ordinal), $"not \"{part}\": {result.Errors}"));
    }

    /// <summary>Fails unless there are exactly so many lines on standard error, each for itself, and nothing on standard output.</summary>
    public static string[] AssertLines(NasResult result, int exitCode, int count)
    {
        Assert.True(result.ExitCode == exitCode && result.ErrorLines.Length == count, $"exit code {result.ExitCode}: {result.Errors}");
        Assert.Equal("", result.Output);
        Assert.All(result.ErrorLines, line =>
        {
            Assert.StartsWith("nas: ", line, StringComparison.Ordinal);
            Assert.EndsWith(".", line, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", line, StringComparison.Ordinal);
            Assert.DoesNotContain(line, char.IsControl);
        });
        return result.ErrorLines;
    }
}
