using NasCluster.Llama.Cpu;

namespace NasCluster.Llama.Training;

/// <summary>Backward pass of one head's attention for the tokens of one sequence in one panel.</summary>
internal unsafe struct AttentionGradientTask
{
    /// <summary>The forward pass; its scores have room for whole panels of keys, its sums and output are not used.</summary>
    public AttentionTask Forward;

    /// <summary>Gradient by the head's mixed values [headSize][32].</summary>
    public float* Gradient;

    /// <summary>First lane of the sequence in the panel.</summary>
    public int Lane;

    /// <summary>Lanes of the sequence in the panel.</summary>
    public int Count;

    /// <summary>Working memory for gradients by scores, as large as the scores.</summary>
    public float* ScoreGradients;

    /// <summary>Working memory [32][32].</summary>
    public float* Transposed;

    /// <summary>Receives sum over keys of score gradient x key [headSize, rounded up to 8][32].</summary>
    public float* QueryGradient;

    /// <summary>Score gradient x query is added to it [panels of the sequence][headSize, rounded up to 8][32].</summary>
    public float* KeyGradients;

    /// <summary>Weight x gradient is added to it [panels of the sequence][headSize, rounded up to 8][32].</summary>
    public float* ValueGradients;

    /// <summary>Rows of a head's gradients: whole tiles of 8.</summary>
    public static int Pad(int headSize) => (headSize + 7) / 8 * 8;
}
