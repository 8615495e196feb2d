namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>Waits for what comes about by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Reads again and again until what was read will do.</summary>
    /// <returns>What was read last.</returns>
    /// <exception cref="TimeoutException">It did not come about.</exception>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, Func<T, bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var value = await read();
            if (holds(value))
            {
                return value;
            }

            try
            {
                await Task.Delay(100, patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"After {Patience}: not {what}.");
            }
        }
    }
}
