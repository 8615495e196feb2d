namespace NasCluster.Pipeline.Training;

/// <summary>How documents become the sequences of a training set.</summary>
public enum TextPacking
{
    /// <summary>A document is a sequence of its own and sees no other; one longer than the context is cut into several.</summary>
    Documents,

    /// <summary>Documents are laid end to end and cut every context, so that all sequences but the last are full.</summary>
    Windows,
}
