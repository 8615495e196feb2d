using NasCluster.Core.Randomness;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Checkpoints;

/// <summary>Makes networks that have learned nothing yet.</summary>
/// <remarks>
/// As in GPT-2 (Radford et al. 2019, section 2.3): weights from a normal distribution around 0, and those of the projections that write to
/// the residual stream (<c>o_proj</c>, <c>down_proj</c>) narrower by the square root of how many of them there are, two a layer, so that
/// the stream does not grow with depth. Norms are
/// ones, biases zeros.
/// <para>
/// The same seed gives the same bits on every machine: a normal number is a sum of twelve uniform ones, in integers (mean 0, variance 1,
/// never beyond 6), since logarithms and cosines differ between libraries in their last digit. Each tensor draws from a generator of its
/// own, so that the shape of one does not move the values of the next.
/// </para>
/// </remarks>
public static class RandomInitialisation
{
    private const int Uniforms = 12;
    private const int UniformBits = 16;

    /// <summary>A new network.</summary>
    /// <param name="configuration">Its shape.</param>
    /// <param name="seed">Decides every weight.</param>
    /// <param name="standardDeviation">Of the weights, before the narrowing; above 0.</param>
    public static InMemoryCheckpoint Create(LlamaConfiguration configuration, ulong seed, double standardDeviation = 0.02)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(standardDeviation);
        var seeds = new SplitMix64(seed);
        var narrow = standardDeviation / Math.Sqrt(2.0 * Math.Max(1, configuration.Layers.Length));
        var embedding = Make(TensorCatalog.EmbedTokens(configuration), standardDeviation);
        var layers = configuration.Layers.Select((_, i) => Layer(TensorCatalog.Layer(configuration, i))).ToArray();
        var norm = Make(TensorCatalog.Norm(configuration), standardDeviation);
        var head = configuration.TiedEmbeddings ? embedding : Make(TensorCatalog.LmHead(configuration), standardDeviation);
        using var unnamed = Named(string.Empty);
        return Named(CheckpointFingerprint.Compute(unnamed));

        InMemoryCheckpoint Named(string fingerprint) => new(configuration, fingerprint, embedding, norm, head, [.. layers]);

        LlamaLayerWeights Layer(TensorSpec[] specs)
        {
            var t = specs.Take((int)LayerTensor.OProjBias).Select((s, i) => Make(s, (LayerTensor)i is LayerTensor.OProj or LayerTensor.DownProj ? narrow : standardDeviation)).ToArray();
            return new LlamaLayerWeights(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], Bias(LayerTensor.OProjBias), Bias(LayerTensor.DownProjBias));

            // Nothing is learned yet that a bias would make up for: zeros.
            InMemoryTensor? Bias(LayerTensor which) => configuration.HasOutputBiases && specs[(int)which] is { IsStored: true } spec
                ? new InMemoryTensor(spec.Name, 1, spec.Columns, new float[spec.Columns])
                : null;
        }

        InMemoryTensor Make(TensorSpec spec, double deviation)
        {
            var random = new Xoshiro256(seeds.Next());
            var values = new float[checked(spec.Rows * spec.Columns)];
            if (spec.IsVector)
            {
                Array.Fill(values, 1f);
            }
            else
            {
                Fill(values, random, deviation / (1 << UniformBits));
            }

            return new InMemoryTensor(spec.Name, spec.Rows, spec.Columns, values);
        }
    }

    private static void Fill(Span<float> values, Xoshiro256 random, double scale)
    {
        // A uniform number of 16 bits stands for the middle of its interval, so twelve of them have this mean.
        const int Mean = Uniforms * ((1 << UniformBits) - 1) / 2;
        foreach (ref var value in values)
        {
            var sum = -Mean;
            for (var draw = 0; draw < Uniforms * UniformBits / 64; draw++)
            {
                var bits = random.NextUInt64();
                sum += (int)(bits & 0xFFFF) + (int)(bits >> 16 & 0xFFFF) + (int)(bits >> 32 & 0xFFFF) + (int)(bits >> 48);
            }

            value = (float)(sum * scale);
        }
    }
}
