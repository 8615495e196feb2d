using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Names a network by what it computes: its configuration and the float32 values of its weights.</summary>
/// <remarks>
/// SHA-256 over a line for the configuration and, tensor by tensor in canonical order, its name, shape and the SHA-256 of its values as
/// little-endian float32 in Hugging Face row order. So the same weights have the same fingerprint in every file layout. Tensors are
/// hashed side by side, since one thread would need the better part of a minute for a network of 7 billion weights.
/// </remarks>
public static class CheckpointFingerprint
{
    /// <summary>Reads every weight once.</summary>
    /// <param name="checkpoint">Its own <see cref="LlamaCheckpoint.Fingerprint"/> is not looked at.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Compute(LlamaCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var specs = TensorCatalog.Of(checkpoint.Configuration).ToArray();
        var tensors = TensorCatalog.Tensors(checkpoint).ToArray();
        var digests = new string[tensors.Length];
        Parallel.For(0, tensors.Length, i => digests[i] = Digest(tensors[i]));
        var text = new StringBuilder("nascluster-llama-1\n").Append(Describe(checkpoint.Configuration)).Append('\n');
        for (var i = 0; i < tensors.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{specs[i].Name} {specs[i].Rows} {specs[i].Columns} {digests[i]}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Describe(LlamaConfiguration c) => string.Create(
        CultureInfo.InvariantCulture,
        $"vocabulary {c.VocabularySize} hidden {c.HiddenSize} head {c.HeadSize} group {c.QueryHeadsPerKvHead} "
        + $"positions {c.MaximumPositions} epsilon {c.NormEpsilon:R} theta {c.RopeTheta:R} tied {c.TiedEmbeddings} "
        + $"layers {string.Join(' ', c.Layers.Select(Describe))}{(c.HasOutputBiases ? " output biases" : "")}{(c.RopeScaling is { } s ? $" rope {Describe(s)}" : "")}");

    private static string Describe(RopeScaling s) => string.Create(
        CultureInfo.InvariantCulture, $"{s.Factor:R}/{s.LowFrequencyFactor:R}/{s.HighFrequencyFactor:R}/{s.OriginalPositions}");

    private static string Describe(LlamaLayerShape layer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{layer.KvHeadCount}/{layer.IntermediateSize}{(layer.HeadPairs is { } pairs ? $"/{pairs}" : "")}");

    private static string Digest(WeightTensor tensor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var row = new float[tensor.Columns];
        for (var r = 0; r < tensor.Rows; r++)
        {
            tensor.ReadRow(r, row);
            hash.AppendData(MemoryMarshal.AsBytes(row.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
