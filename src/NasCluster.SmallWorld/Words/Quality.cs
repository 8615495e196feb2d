using System.Collections.Immutable;

namespace NasCluster.SmallWorld.Words;

/// <summary>A scale on which people are compared, with both its directions.</summary>
/// <param name="More">Higher on the scale, such as "taller".</param>
/// <param name="Most">The top.</param>
/// <param name="Less">Lower on the scale, such as "shorter".</param>
/// <param name="Least">The bottom.</param>
internal sealed record Quality(string More, string Most, string Less, string Least)
{
    /// <summary>All four words.</summary>
    public ImmutableArray<string> Words => [More, Most, Less, Least];

    /// <summary>The same scale, looked at from its other end.</summary>
    public Quality Reversed => new(Less, Least, More, Most);
}
