namespace NasCluster.Silo.Evaluation;

/// <summary>A model on this silo's disk.</summary>
/// <param name="path">A Hugging Face directory, or a llama2.c file.</param>
/// <param name="lease">What keeps it there; null when it stays anyway.</param>
internal sealed class ModelFiles(string path, IDisposable? lease) : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path => path;

    public void Dispose() => lease?.Dispose();
}
