using System.Collections.Immutable;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation.Texts;

/// <summary>Cuts token ids into windows so that no token is scored twice.</summary>
internal static class SlidingWindows
{
    /// <summary>The requests, in the order of the text.</summary>
    /// <remarks>
    /// <para>Each window scores what the windows before it have not, with as much of the text before it as fits.</para>
    /// <para>
    /// With a beginning mark every token is scored. Without, a token is left out only where nothing stands before it: the
    /// text's first, and the first of every window when windows do not overlap.
    /// </para>
    /// </remarks>
    internal static ImmutableArray<ScoringRequest> Cut(ReadOnlySpan<int> tokens, WindowProtocol protocol, int? beginningOfSequence)
    {
        var requests = ImmutableArray.CreateBuilder<ScoringRequest>();
        var marks = protocol.FirstToken == FirstTokenRule.Bos ? 1 : 0;
        var step = Math.Min(protocol.Stride, protocol.Content);
        var left = protocol.MaximumScored ?? int.MaxValue;
        var scoredTo = 0;
        for (var start = 0; scoredTo < tokens.Length && left > 0; start += step)
        {
            var end = Math.Min(start + protocol.Content, tokens.Length);
            var first = Math.Max(scoredTo, start + 1 - marks);
            scoredTo = end;
            if (first >= end)
            {
                continue;
            }

            end = Math.Min(end, first + Math.Min(left, end - first));
            left -= end - first;
            requests.Add(Request(tokens[start..end], first - start, marks == 0 ? null : beginningOfSequence));
        }

        return requests.ToImmutable();
    }

    private static ScoringRequest Request(ReadOnlySpan<int> content, int first, int? mark) =>
        mark is { } id ? new([id, .. content], first + 1, perToken: true) : new([.. content], first, perToken: true);
}
