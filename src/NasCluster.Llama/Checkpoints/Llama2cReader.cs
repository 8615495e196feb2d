namespace NasCluster.Llama.Checkpoints;

/// <summary>Opens llama2.c version-0 files.</summary>
internal static class Llama2cReader
{
    public static FileCheckpoint Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            var layout = Llama2cLayout.Parse(file.Bytes(0, (int)Math.Min(file.Length, Llama2cLayout.HeaderBytes)), file.Length, path);
            var headSize = layout.Configuration.HeadSize;
            return new FileCheckpoint(
                layout.Configuration,
                spec =>
                {
                    var offset = layout.OffsetOf(spec.Name);
                    var interleaved = IsRotated(spec) ? headSize : 0;
                    return new MappedTensor(file, offset, WeightType.Float32, spec.Name, spec.Rows, spec.Columns, interleaved);
                },
                [file]);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool IsRotated(TensorSpec spec) =>
        spec.Name.EndsWith(".q_proj.weight", StringComparison.Ordinal) || spec.Name.EndsWith(".k_proj.weight", StringComparison.Ordinal);
}
