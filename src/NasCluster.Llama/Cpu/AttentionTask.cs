namespace NasCluster.Llama.Cpu;

/// <summary>One head's attention for the tokens of one sequence in one panel.</summary>
/// <remarks>
/// Keys are numbered by row: lane + 32 x panel, from the sequence's first panel, so its first key is row <see cref="FirstRow"/>, below 32.
/// Where keys were computed for another sequence, these come first, and what is said here of the sequence's keys holds for the rest.
/// </remarks>
internal unsafe struct AttentionTask
{
    /// <summary>The head's queries [headSize][32], scaled so that the weight of a key is a power of 2: by 1 / (sqrt(size of a whole head) ln 2).</summary>
    public float* Query;

    /// <summary>The head's keys in the sequence's first panel [headSize][32].</summary>
    public float* Keys;

    /// <summary>The head's values there [headSize][32].</summary>
    public float* Values;

    /// <summary>Ranges of keys that every token sees before the sequence's own, in order; rows here are numbered from <see cref="AllKeys"/>. Null for none.</summary>
    public KeyRange[]? Before;

    /// <summary>The head's keys in the panel that <see cref="Before"/> counts from [headSize][32].</summary>
    public float* AllKeys;

    /// <summary>The head's values there [headSize][32].</summary>
    public float* AllValues;

    /// <summary>Floats from a panel of keys, or of values, to the next.</summary>
    public nint KeyValueStride;

    /// <summary>Channels of the head.</summary>
    public int HeadSize;

    /// <summary>Lane of the sequence's first token in the panel.</summary>
    public int Lane;

    /// <summary>How many of its tokens lie there.</summary>
    public int Count;

    /// <summary>Row of the sequence's first key.</summary>
    public int FirstRow;

    /// <summary>Rows before this one are seen by every token of the sequence in the panel.</summary>
    public int SharedEnd;

    /// <summary>One beyond the last row that any of them sees.</summary>
    public int RowEnd;

    /// <summary>Last row that each token sees [32]; <see cref="FirstRow"/> for tokens of other sequences.</summary>
    public float* LastRow;

    /// <summary>1 for tokens of this sequence, 0 for others [32].</summary>
    public float* Inside;

    /// <summary>Working memory for scores [RowEnd, rounded up to 8][32], and behind them for those of each range, in whole tiles of 8 keys.</summary>
    public float* Scores;

    /// <summary>Working memory for sums [headSize, rounded up to 8][32].</summary>
    public float* Sums;

    /// <summary>Where the result goes [headSize][32]; tokens of other sequences are left as they are.</summary>
    public float* Output;
}
