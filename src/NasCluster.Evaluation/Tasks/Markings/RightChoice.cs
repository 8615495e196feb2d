using System.Collections.Immutable;
using System.Text;

namespace NasCluster.Evaluation.Tasks.Markings;

/// <summary>One passage for each choice, of which one is right.</summary>
/// <param name="Gold">Which is right, from 0.</param>
/// <param name="Characters">Each choice's length in Unicode code points, as Python counts them, without the blank before it.</param>
/// <param name="Bytes">Each choice's length in UTF-8.</param>
public sealed record RightChoice(int Gold, ImmutableArray<int> Characters, ImmutableArray<int> Bytes) : TaskMarking
{
    /// <summary>The marking of choices given as texts.</summary>
    internal static RightChoice Of(int gold, IEnumerable<string> choices)
    {
        string[] texts = [.. choices];
        return new(gold, [.. texts.Select(c => c.EnumerateRunes().Count())], [.. texts.Select(Encoding.UTF8.GetByteCount)]);
    }

    /// <inheritdoc/>
    public bool Equals(RightChoice? other) =>
        other is not null && Gold == other.Gold && Characters.AsSpan().SequenceEqual(other.Characters.AsSpan()) && Bytes.AsSpan().SequenceEqual(other.Bytes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Gold, Characters.Length);

    private protected override void AddTo(CanonicalHash hash) => hash.Add("choice").Add((long)Gold).Add(Characters.AsSpan()).Add(Bytes.AsSpan());
}
