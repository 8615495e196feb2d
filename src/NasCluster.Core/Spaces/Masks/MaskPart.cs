namespace NasCluster.Core.Spaces.Masks;

/// <summary>What the bits of a mask stand for.</summary>
public enum MaskPart
{
    /// <summary>Whole layers; one bit for each layer.</summary>
    Layer,

    /// <summary>KV groups of a layer: a key/value head with all the query heads that read it.</summary>
    KvGroup,

    /// <summary>Rotary pairs of channels, the same in every head of a layer.</summary>
    HeadPair,

    /// <summary>MLP channels of a layer.</summary>
    MlpChannel,
}
