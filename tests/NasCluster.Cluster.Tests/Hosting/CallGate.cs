namespace NasCluster.Cluster.Tests.Hosting;

/// <summary>Lets no call to any grain through while it is closed: a silo that hangs.</summary>
internal sealed class CallGate : IIncomingGrainCallFilter, IDisposable
{
    private volatile TaskCompletionSource? _closed;

    public void Close() => _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open()
    {
        _closed?.SetResult();
        _closed = null;
    }

    /// <summary>A silo cannot end while its calls hang.</summary>
    public void Dispose() => Open();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (_closed is { } closed)
        {
            await closed.Task;
        }

        await context.Invoke();
    }
}
