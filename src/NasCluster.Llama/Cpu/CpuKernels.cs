using System.Runtime.Intrinsics;

namespace NasCluster.Llama.Cpu;

/// <summary>The arithmetic of the engine, on panels of activations.</summary>
/// <remarks>
/// Shapes: N outputs, K inputs, P panels of 32 tokens. Activations lie [panel][channel][32 tokens]: a token is a lane, so sums over
/// channels, keys or vocabulary never cross lanes, the tile a product leaves is the operand the next one reads, and nothing is transposed.
/// </remarks>
internal abstract unsafe class CpuKernels
{
    /// <summary>The kernels of a path.</summary>
    public static CpuKernels For(VectorPath path) => path switch
    {
        VectorPath.Vector512 => new CpuKernels<Simd512>(),
        VectorPath.Vector256 => new CpuKernels<Simd256>(),
        VectorPath.Vector128 => new CpuKernels<Simd128>(),
        VectorPath.Scalar => new CpuKernels<SimdScalar>(),
        VectorPath.Auto when Vector512.IsHardwareAccelerated => new CpuKernels<Simd512>(),
        VectorPath.Auto when Vector256.IsHardwareAccelerated => new CpuKernels<Simd256>(),
        VectorPath.Auto => new CpuKernels<Simd128>(),
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, null),
    };

    /// <summary>Output = weights x input, or added to the output. Writes whole panels of 12 outputs, the last ones beyond N without meaning.</summary>
    /// <param name="weights">[N, K].</param>
    /// <param name="input">[P][at least K][32].</param>
    /// <param name="inputStride">Floats from an input panel to the next.</param>
    /// <param name="output">[P][at least N, padded][32].</param>
    /// <param name="outputStride">Floats from an output panel to the next.</param>
    /// <param name="panels">P.</param>
    /// <param name="end">Store or add.</param>
    public abstract void Project(MatrixView weights, float* input, nint inputStride, float* output, nint outputStride, int panels, TileEnd end);

    /// <summary>Output = silu(gate x input) * (up x input), shapes as in <see cref="Project"/>.</summary>
    public abstract void ProjectGated(MatrixView gate, MatrixView up, float* input, nint inputStride, float* output, nint outputStride, int panels);

    /// <summary>As <see cref="Project"/>, of one panel whose first lanes alone are used; the same bits in those.</summary>
    /// <param name="weights">[N, K].</param>
    /// <param name="input">[at least K][32].</param>
    /// <param name="output">[at least N, padded][32].</param>
    /// <param name="lanes">Lanes used, at most <see cref="FewLanesKernel.MostLanes"/>.</param>
    /// <param name="end">Store or add.</param>
    public abstract void ProjectFew(MatrixView weights, float* input, float* output, int lanes, TileEnd end);

    /// <summary>As <see cref="ProjectGated"/>, of one panel whose first lanes alone are used.</summary>
    public abstract void ProjectGatedFew(MatrixView gate, MatrixView up, float* input, float* output, int lanes);

    /// <summary>RMS norm of one panel: output = input / sqrt(mean of input^2 + epsilon) * gain, over the channels of each token.</summary>
    public abstract void Normalize(float* input, float* gain, float* output, int channels, float epsilon);

    /// <summary>Rotates one panel's heads in place: channel pairs (i, i + headSize / 2) by each token's angle, then scales.</summary>
    /// <param name="heads">[heads x headSize][32].</param>
    /// <param name="count">How many heads.</param>
    /// <param name="headSize">Channels of a head.</param>
    /// <param name="cosines">[headSize / 2][32].</param>
    /// <param name="sines">[headSize / 2][32].</param>
    /// <param name="scale">Applied to the result; 1 changes nothing.</param>
    public abstract void Rotate(float* heads, int count, int headSize, float* cosines, float* sines, float scale);

    /// <summary>As <see cref="Rotate"/>, of heads that have only some of their pairs: pair i of these is pair <c>pairs[i]</c> of the tables.</summary>
    /// <param name="heads">[heads x 2 x pairs][32].</param>
    /// <param name="count">How many heads.</param>
    /// <param name="pairs">Places in the tables.</param>
    /// <param name="cosines">[pairs of a whole head][32].</param>
    /// <param name="sines">[pairs of a whole head][32].</param>
    /// <param name="scale">Applied to the result; 1 changes nothing.</param>
    public abstract void RotatePairs(float* heads, int count, ReadOnlySpan<int> pairs, float* cosines, float* sines, float scale);

    /// <summary>Adds to every token of one panel the value of each channel.</summary>
    /// <param name="output">[channels][32].</param>
    /// <param name="bias">[channels].</param>
    /// <param name="channels">How many.</param>
    public abstract void AddBias(float* output, float* bias, int channels);

    /// <summary>Causal attention of one head for the tokens of one sequence that lie in one panel.</summary>
    public abstract void Attend(in AttentionTask task);

    /// <summary>Per token: the largest logit and the sum of e^(logit - largest).</summary>
    /// <param name="logits">[rows][32].</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="largest">[32].</param>
    /// <param name="sum">[32].</param>
    public abstract void SumExponentials(float* logits, int rows, float* largest, float* sum);
}
