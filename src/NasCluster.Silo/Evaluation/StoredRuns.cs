using NasCluster.Core.Storage;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Silo.Evaluation;

/// <summary>Prepared runs with what their stages have stored.</summary>
internal static class StoredRuns
{
    /// <summary>Reads a run, and fetches the scores it needs, if they are there yet.</summary>
    /// <exception cref="Core.NasClusterException">It makes no sense, a newer silo prepared it, or what is stored is damaged or gone.</exception>
    public static async Task<PreparedRun> OpenAsync(string prepared, IContentStore contents, CancellationToken cancellation)
    {
        var run = PreparedRun.FromJson(prepared, StoredSpecification.Read);
        return run.ScoresNeeded is { } scores ? run.With(await ReadAsync(scores, contents, cancellation)) : run;
    }

    /// <summary>A stored content, whole.</summary>
    public static async Task<byte[]> ReadAsync(string hash, IContentStore contents, CancellationToken cancellation)
    {
        await using var content = await contents.OpenAsync(hash, cancellation);
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }
}
