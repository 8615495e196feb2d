namespace NasCluster.Core.Specification;

/// <summary>What a window's first token is scored after.</summary>
public enum FirstTokenRule
{
    /// <summary>The tokenizer's beginning mark is put before each window, so that every token of the text is scored.</summary>
    Bos,

    /// <summary>Nothing is put before it, so that a token at the very start of a window is left unscored.</summary>
    Skip,
}
