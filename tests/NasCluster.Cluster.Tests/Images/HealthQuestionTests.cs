using NasCluster.Cluster.Tests.Hosting;

namespace NasCluster.Cluster.Tests.Images;

/// <summary>What <c>nas-silo --health</c> answers.</summary>
[Collection(OneSiloCollection.Name)]
public sealed class HealthQuestionTests(OneSilo cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Health_ReadySilo_IsSuccess() => Assert.Equal((0, "ready: Healthy"), await AskAsync(cluster.Silo.HttpPort));

    [Fact]
    public async Task Health_NoSilo_IsFailure()
    {
        var port = FreePorts.Take(1)[0];
        Assert.Equal((1, $"No silo answers at port {port}."), await AskAsync(port));
    }

    private static async Task<(int ExitCode, string Says)> AskAsync(int port)
    {
        await using var health = ChildProcess.StartDotnet("NasCluster.Silo", "nas-silo.dll", "--health", $"--NasCluster:HttpPort={port}");
        return (await health.WaitAsync(Patience), health.Output.Trim());
    }
}
