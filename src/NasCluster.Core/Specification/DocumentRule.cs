namespace NasCluster.Core.Specification;

/// <summary>What a window may hold of a text of several documents.</summary>
public enum DocumentRule
{
    /// <summary>Documents are joined to one text and windows run on from one into the next, as benchmarks of perplexity have it.</summary>
    Joined,

    /// <summary>Windows begin anew with each document: for a network that was trained with one document in a window.</summary>
    Apart,
}
