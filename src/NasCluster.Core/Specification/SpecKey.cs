using System.Collections.Immutable;

namespace NasCluster.Core.Specification;

/// <summary>One key of a specification: everything the reader, the writer, the rules and the JSON schema know of it.</summary>
public sealed class SpecKey
{
    internal SpecKey(string path, SpecKeyKind kind, string description, Func<SearchSpec, object?> get, Func<SearchSpec, object, SearchSpec> set)
    {
        Path = path;
        Kind = kind;
        Description = description;
        Get = get;
        Set = set;
    }

    /// <summary>Path from the top, such as <c>algorithm.mutation.per_gene</c>.</summary>
    public string Path { get; }

    /// <summary>What its value looks like.</summary>
    public SpecKeyKind Kind { get; }

    /// <summary>What it is for, in one or two sentences.</summary>
    public string Description { get; }

    /// <summary>The numbers allowed, of the value itself or of each element; null when there is no such rule.</summary>
    public NumberRange? Range { get; internal init; }

    /// <summary>The words allowed; empty when the value is no word.</summary>
    public ImmutableArray<string> Words { get; internal init; } = [];

    /// <summary>Whether a specification without it is incomplete.</summary>
    public bool IsRequired { get; internal init; }

    /// <summary>Reads the value of a specification; null when it is left to its default.</summary>
    public Func<SearchSpec, object?> Get { get; }

    /// <summary>A specification with this value, which has the type that <see cref="Kind"/> names and lies in <see cref="Range"/>.</summary>
    public Func<SearchSpec, object, SearchSpec> Set { get; }
}
