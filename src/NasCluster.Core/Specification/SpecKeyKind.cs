namespace NasCluster.Core.Specification;

/// <summary>What a key's value looks like. The type in brackets is what <see cref="SpecKey.Get"/> and <see cref="SpecKey.Set"/> carry.</summary>
public enum SpecKeyKind
{
    /// <summary>Text (<see cref="string"/>).</summary>
    Text,

    /// <summary>An integer (<see cref="long"/>).</summary>
    Integer,

    /// <summary>A number (<see cref="double"/>).</summary>
    Number,

    /// <summary>One of <see cref="SpecKey.Words"/> (<see cref="string"/>).</summary>
    Word,

    /// <summary>An integer (<see cref="long"/>) or the one word (<see cref="string"/>).</summary>
    IntegerOrWord,

    /// <summary>A list of integers (<c>ImmutableArray&lt;long&gt;</c>).</summary>
    Integers,

    /// <summary>A list of MLP widths: shares in (0, 1] or whole numbers from 2 (<c>ImmutableArray&lt;double&gt;</c>).</summary>
    Widths,

    /// <summary>A list of shares in (0, 1] (<c>ImmutableArray&lt;double&gt;</c>).</summary>
    Shares,

    /// <summary>A list of texts (<c>ImmutableArray&lt;string&gt;</c>).</summary>
    Texts,

    /// <summary>A list of integers (<c>ImmutableArray&lt;long&gt;</c>) or the one word (<see cref="string"/>).</summary>
    IntegersOrWord,

    /// <summary>A mapping from task names to paths (<c>ImmutableArray&lt;TaskSpec&gt;</c>).</summary>
    Tasks,

    /// <summary>A mapping from value names to bounds (<c>ImmutableArray&lt;ConstraintSpec&gt;</c>).</summary>
    Constraints,
}
