using System.Runtime.Intrinsics;
using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>The arithmetic that training needs beyond scoring, on panels of activations [channel][32 tokens].</summary>
/// <remarks>Sums over tokens, which cross lanes, run in the order of the tokens; no other sum does cross lanes.</remarks>
internal abstract unsafe class TrainingKernels
{
    /// <summary>The kernels of a path.</summary>
    public static TrainingKernels For(VectorPath path) => path switch
    {
        VectorPath.Vector512 => new TrainingKernels<Simd512>(),
        VectorPath.Vector256 => new TrainingKernels<Simd256>(),
        VectorPath.Vector128 => new TrainingKernels<Simd128>(),
        VectorPath.Scalar => new TrainingKernels<SimdScalar>(),
        VectorPath.Auto when Vector512.IsHardwareAccelerated => new TrainingKernels<Simd512>(),
        VectorPath.Auto when Vector256.IsHardwareAccelerated => new TrainingKernels<Simd256>(),
        VectorPath.Auto => new TrainingKernels<Simd128>(),
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, null),
    };

    /// <summary>Sums [rows, 32] = left [rows, tokens] x right [tokens, 32], one chain for each element, in token order.</summary>
    /// <param name="left">[panels][at least rows, padded][32 tokens].</param>
    /// <param name="leftStride">Floats from a panel to the next.</param>
    /// <param name="rows">Rounded up to 12; sums beyond it have no meaning.</param>
    /// <param name="right">[tokens][32].</param>
    /// <param name="tokens">How many; all but the last panel are full.</param>
    /// <param name="sums">[rows, padded][32].</param>
    /// <param name="start">Whether to go on from <paramref name="sums"/>.</param>
    public abstract void SumOverTokens(float* left, nint leftStride, int rows, float* right, int tokens, float* sums, TileStart start);

    /// <summary>Output = silu(gate) x up, element by element.</summary>
    public abstract void Gate(float* gate, float* up, float* output, int length);

    /// <summary>Puts the gradients by gate and up in their place, given the gradient by silu(gate) x up.</summary>
    public abstract void GateBackward(float* gate, float* up, float* gradient, int length);

    /// <summary>Adds the gradient by an RMS norm's input to <paramref name="residual"/>, for one panel.</summary>
    /// <param name="input">x [channels][32].</param>
    /// <param name="gain">g [channels].</param>
    /// <param name="gradient">By the norm's output [channels][32].</param>
    /// <param name="residual">[channels][32].</param>
    /// <param name="inverse">Receives r = 1 / sqrt(mean of x^2 + epsilon) [32].</param>
    /// <param name="channels">C.</param>
    /// <param name="epsilon">As in the forward pass.</param>
    public abstract void NormBackward(float* input, float* gain, float* gradient, float* residual, float* inverse, int channels, float epsilon);

    /// <summary>Sum over all tokens of gradient x input x inverse, for one channel: by lane over the panels, then over the lanes in order.</summary>
    /// <param name="input">The channel in the first panel.</param>
    /// <param name="gradient">The channel in the first panel; 0 in lanes that hold no token.</param>
    /// <param name="inverse">[panels][32].</param>
    /// <param name="stride">Floats from a panel of input, or of gradient, to the next.</param>
    /// <param name="panels">How many.</param>
    public abstract float GainGradient(float* input, float* gradient, float* inverse, nint stride, int panels);

    /// <summary>Turns heads back by their tokens' angles (the transpose of <see cref="CpuKernels.Rotate"/>), then scales.</summary>
    public abstract void RotateBack(float* heads, int count, int headSize, float* cosines, float* sines, float scale);

    /// <summary>Backward pass of one head's attention for the tokens of one sequence that lie in one panel.</summary>
    public abstract void AttendBackward(in AttentionGradientTask task);

    /// <summary>Logits = e^(logit - largest) x factor, for one panel.</summary>
    /// <param name="logits">[rows][32].</param>
    /// <param name="rows">Vocabulary.</param>
    /// <param name="largest">[32].</param>
    /// <param name="factor">[32].</param>
    public abstract void ScaledExponentials(float* logits, int rows, float* largest, float* factor);

    /// <summary>Copy = values, and then values x factor in their place.</summary>
    public abstract void KeepAndScale(float* values, float* copy, float factor, int length);

    /// <summary>Values -= factor x other.</summary>
    public abstract void SubtractScaled(float* values, float* other, float factor, int length);
}
