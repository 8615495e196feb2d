using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.Images;

/// <summary>The silo as its image holds it: published, laid out, and run by a user who may write nowhere but to the volumes.</summary>
public sealed class ImageLayoutTests : IDisposable
{
    private const int User = 1654;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string Script = Path.Combine(SharedData.RepositoryRoot, "src", "NasCluster.Silo", "layout.sh");
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [LayoutFact]
    public async Task Silo_LaidOutAsItsImage_GetsReadyWithoutRightsAndEndsWhenAsked()
    {
        var image = _directory.At("image");
        Directory.CreateDirectory(image);
        OpenToOthers(_directory.Root);
        await using (var lay = ChildProcess.Start("bash", Script, "lay", "src/NasCluster.Silo", image))
        {
            Assert.True(await lay.WaitAsync(Patience) == 0, lay.Output + lay.Errors);
        }

        var ports = FreePorts.Take(3);
        await using var silo = ChildProcess.Start(
            "bash", Script, "run", image, "--", $"--NasCluster:SiloPort={ports[0]}", $"--NasCluster:Clustering:PrimaryPort={ports[0]}",
            $"--NasCluster:GatewayPort={ports[1]}", $"--NasCluster:HttpPort={ports[2]}", $"--NasCluster:SuperNetworks:Directory={ShippedSearch.Models}");
        await ReadyAsync(image, ports[2], silo);

        var status = await File.ReadAllLinesAsync($"/proc/{silo.Id}/status");
        Assert.Equal($"{User} {User} {User} {User}", Field(status, "Uid"));
        Assert.Equal($"{User} {User} {User} {User}", Field(status, "Gid"));
        Assert.All(["CapPrm", "CapEff", "CapBnd"], set => Assert.Equal(new string('0', 16), Field(status, set)));
        Assert.Equal("1", Field(status, "NoNewPrivs"));
        if (!silo.Errors.Contains("lets nobody mount", StringComparison.Ordinal))
        {
            var root = (await File.ReadAllLinesAsync($"/proc/{silo.Id}/mountinfo")).Last(line => line.Split(' ')[4] == "/");
            Assert.Contains("ro", root.Split(' ')[5].Split(','));
        }

        silo.AskToEnd();
        Assert.Equal(0, await silo.WaitAsync(Patience));
    }

    /// <summary>Asks with the program itself, as the image's health check does.</summary>
    private static async Task ReadyAsync(string image, int port, ChildProcess silo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            await using var health = ChildProcess.Start(Path.Combine(image, "app", "nas-silo"), "--health", $"--NasCluster:HttpPort={port}");
            if (await health.WaitAsync(Patience) == 0)
            {
                Assert.Equal("ready: Healthy", health.Output.Trim());
                return;
            }

            Assert.False(silo.HasExited, silo.Output + silo.Errors);
            await Task.Delay(200, patience.Token);
        }
    }

    private static string Field(string[] status, string name) => string.Join(' ', status.Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..]
        .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));

    // The test's directory is its user's alone.
    private static void OpenToOthers(string directory)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }
}
