using NasCluster.Core.Specification;

namespace NasCluster.Evaluation.Texts;

/// <summary>How a text becomes sequences: without it a perplexity means nothing, so it goes with every result.</summary>
/// <param name="Window">Longest sequence in tokens, the beginning mark included.</param>
/// <param name="Stride">
/// How many tokens a window lies after the one before it. With <see cref="FirstTokenRule.Bos"/> a window has room for one
/// token less than <paramref name="Window"/>, and a stride equal to the window moves by that.
/// </param>
/// <param name="FirstToken">What a window's first token is scored after.</param>
/// <param name="Separator">What stood between two documents; null when the text was one.</param>
/// <param name="Join">What was put between them, where they were joined.</param>
/// <param name="MaximumScored">At most this many tokens are scored; null for all.</param>
/// <param name="Documents">Whether windows run on from one document into the next.</param>
public sealed record WindowProtocol(
    int Window,
    int Stride,
    FirstTokenRule FirstToken,
    string? Separator = null,
    string Join = "\n\n",
    int? MaximumScored = null,
    DocumentRule Documents = DocumentRule.Joined)
{
    /// <summary>Tokens of the text that fit a window.</summary>
    public int Content => FirstToken == FirstTokenRule.Bos ? Window - 1 : Window;
}
