using NasCluster.Core;

namespace NasCluster.Llama.Checkpoints;

internal static class HuggingFaceReader
{
    public static FileCheckpoint Open(string directory) => throw new NasClusterException($"{directory}: Hugging Face directories come next.");
}
