using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>What a finished <c>nasctl</c> left.</summary>
internal sealed record NasctlResult(int ExitCode, string Output, string[] ErrorLines)
{
    /// <summary>Holds it to an exit code.</summary>
    public NasctlResult Ended(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"nasctl ended with {ExitCode}, not {exitCode}:\n{Output}\n{string.Join('\n', ErrorLines)}");
        return this;
    }

    /// <summary>Holds it to a refusal: an exit code, nothing on standard output, and one line that says why.</summary>
    public void Refused(int exitCode, params string[] says)
    {
        Ended(exitCode);
        Assert.Equal("", Output);
        var line = Assert.Single(ErrorLines);
        Assert.StartsWith("nasctl: ", line, StringComparison.Ordinal);
        Assert.All(says, part => Assert.Contains(part, line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
    }
}

/// <summary>The client console in a process of its own: what a user runs.</summary>
internal static class Nasctl
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs it to its end.</summary>
    public static async Task<NasctlResult> RunAsync(params IEnumerable<string> arguments)
    {
        await using var process = Start(arguments);
        await process.WaitAsync(Patience);
        return new NasctlResult(process.ExitCode, process.Output, process.ErrorLines);
    }

    /// <summary>Starts it with variables of the environment, as <c>NAME=VALUE</c>, and leaves it running.</summary>
    public static ChildProcess StartIn(string[] environment, params string[] arguments)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(SharedData.RepositoryRoot, "src", "NasCluster.Client", "bin", framework.Parent!.Name, framework.Name, "nasctl");
        return ChildProcess.Start("env", [.. environment, program, .. arguments]);
    }

    /// <summary>Starts it and leaves it running.</summary>
    public static ChildProcess Start(params IEnumerable<string> arguments) => ChildProcess.StartDotnet("NasCluster.Client", "nasctl.dll", arguments);
}
