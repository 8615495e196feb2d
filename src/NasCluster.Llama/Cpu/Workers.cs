using System.Runtime.ExceptionServices;

namespace NasCluster.Llama.Cpu;

/// <summary>Shares numbered items of work out to threads. Which thread does what changes nothing: items do not touch each other's results.</summary>
/// <param name="threads">Threads at most, the caller's own included.</param>
/// <param name="pool">Where each thread's working memory comes from.</param>
internal sealed class Workers(int threads, BufferPool pool)
{
    // All weights pass by once for each block of panels, so blocks are as long as still leaves every thread several: on networks 768 wide,
    // 256 tokens were 10 % faster than 64, although their activations no longer fit a core's own cache.
    private const int LongestBlock = 8;
    private const int BlocksPerThread = 4;

    /// <summary>How many of the panels of a batch one item of work should take.</summary>
    public int BlockPanels(int panels) =>
        threads == 1 ? Math.Clamp(panels, 1, LongestBlock) : Math.Clamp(panels / (BlocksPerThread * threads), 1, LongestBlock);

    /// <summary>Runs the items 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="count">Items.</param>
    /// <param name="scratchLength">Floats of working memory that each thread gets.</param>
    /// <param name="body">Does one item.</param>
    public void Run(int count, long scratchLength, Action<int, AlignedBuffer> body)
    {
        var next = -1;
        if (Math.Min(threads, count) <= 1)
        {
            Work();
        }
        else
        {
            try
            {
                Parallel.For(0, Math.Min(threads, count), new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());
            }
            catch (AggregateException exception)
            {
                // One thread or several: what went wrong, or that it was cancelled, reaches the caller the same way.
                ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
            }
        }

        void Work()
        {
            var item = Interlocked.Increment(ref next);
            if (item >= count)
            {
                return;
            }

            var scratch = pool.Rent(scratchLength);
            try
            {
                for (; item < count; item = Interlocked.Increment(ref next))
                {
                    body(item, scratch);
                }
            }
            finally
            {
                pool.Return(scratch);
            }
        }
    }
}
