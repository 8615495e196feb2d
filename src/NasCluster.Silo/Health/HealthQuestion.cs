namespace NasCluster.Silo.Health;

/// <summary>Asks the silo of this machine, or container, whether it is ready: for images that have no other program to ask with.</summary>
internal static class HealthQuestion
{
    /// <summary>The argument that makes <c>nas-silo</c> ask instead of being a silo.</summary>
    public const string Switch = "--health";

    // The silo itself gives storage 2 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks.</summary>
    /// <param name="port">The silo's port for health.</param>
    /// <param name="output">Gets what it says.</param>
    /// <returns>Whether it is ready.</returns>
    public static async Task<bool> AskAsync(int port, TextWriter output)
    {
        // A proxy that is set up for this machine has nothing to do with it.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{HealthEndpoints.ReadyPath}"));
            await output.WriteAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await output.WriteLineAsync($"No silo answers at port {port}.");
            return false;
        }
    }
}
