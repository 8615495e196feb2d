namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>A silo in a process of its own that runs searches on the shipped super-network, with everything in its memory.</summary>
public sealed class OneSilo : IAsyncLifetime
{
    private readonly int[] _ports = FreePorts.Take(3);
    private SiloProcess? _silo;

    /// <summary>The arguments by which <c>nasctl</c> finds it.</summary>
    internal string[] Connection => ["--gateway", Silo.Gateway];

    internal SiloProcess Silo => _silo ?? throw new InvalidOperationException("The silo has not been started.");

    public Task InitializeAsync()
    {
        _silo = SiloProcess.Start(
            _ports[0], _ports[1], _ports[2], $"Clustering:PrimaryPort={_ports[0]}", $"SuperNetworks:Directory={ShippedSearch.Models}", "Evaluator:Threads=1");
        return _silo.ReadyAsync();
    }

    public Task DisposeAsync() => Silo.DisposeAsync().AsTask();

    /// <summary>Runs a command of <c>nasctl</c> on it.</summary>
    internal Task<NasctlResult> RunAsync(params IEnumerable<string> arguments) => Nasctl.RunAsync([.. arguments, .. Connection]);

    /// <summary>The state of a search as <c>search list</c> says it; null when it is not listed.</summary>
    internal async Task<string?> StateAsync(string search)
    {
        var list = (await RunAsync("search", "list", "--format", "json")).Ended(0);
        return System.Text.Json.Nodes.JsonNode.Parse(list.Output)!.AsArray()
            .SingleOrDefault(s => (string?)s!["name"] == search)?["state"]?.GetValue<string>();
    }
}

/// <summary>Tests that share that silo, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneSiloCollection : ICollectionFixture<OneSilo>
{
    public const string Name = "one silo";
}
