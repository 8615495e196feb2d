using NasCluster.Core;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Opens checkpoints from disk.</summary>
public static class LlamaCheckpoints
{
    /// <summary>Opens a llama2.c version-0 file, or a Hugging Face directory (config.json with safetensors, whole or sharded).</summary>
    /// <remarks>
    /// The weights stay in their files, mapped to memory; a row is converted to float32 when it is read. Every weight is looked at once
    /// here, because a network with a NaN in it would answer without complaint: one pass at the speed of memory, about 5 GB/s measured on
    /// cached files. The files must not change while the checkpoint is open.
    /// </remarks>
    /// <param name="path">The file or directory.</param>
    /// <returns>The checkpoint; the caller disposes of it.</returns>
    /// <exception cref="NasClusterException">
    /// Something is missing, malformed, contradictory, not finite or not supported; the message names the file, the place and the rule.
    /// </exception>
    public static LlamaCheckpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Weights are read in place, and every format stores them little-endian.");
        }

        var checkpoint = OpenUnchecked(path);
        try
        {
            FiniteWeights.Check(checkpoint, path);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    private static FileCheckpoint OpenUnchecked(string path)
    {
        if (Directory.Exists(path))
        {
            return HuggingFaceReader.Open(path);
        }

        if (!File.Exists(path))
        {
            throw new NasClusterException(
                $"{path}: no such file or directory; a model is a llama2.c .bin file or a Hugging Face directory.");
        }

        return path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
            ? throw new NasClusterException(
                $"{path}: a safetensors file does not say what network it is; give the directory with its config.json.")
            : Llama2cReader.Open(path);
    }
}
