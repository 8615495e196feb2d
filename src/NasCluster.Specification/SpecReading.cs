using System.Collections.Immutable;
using NasCluster.Core.Specification;

namespace NasCluster.Specification;

/// <summary>What came of reading a specification.</summary>
public sealed class SpecReading
{
    private readonly IReadOnlyDictionary<string, (int Line, int Column)> _places;
    private readonly SearchSpec _spec;
    private readonly Func<SpecProblem, SpecProblem> _explain;

    internal SpecReading(
        SearchSpec spec, ImmutableArray<SpecProblem> problems, IReadOnlyDictionary<string, (int Line, int Column)> places, Func<SpecProblem, SpecProblem> explain)
    {
        _explain = explain;
        _spec = spec;
        _places = places;
        Problems = problems;
    }

    /// <summary>Every problem, in the order of the file; empty when the specification can be used.</summary>
    public ImmutableArray<SpecProblem> Problems { get; }

    /// <summary>The specification.</summary>
    /// <exception cref="InvalidOperationException">There are problems.</exception>
    public SearchSpec Spec => Problems.IsEmpty ? _spec : throw new InvalidOperationException($"The specification has problems: {Problems[0].Message}");

    /// <summary>The specification, or all its problems as one exception.</summary>
    /// <param name="source">The file as the user named it; null when there was none.</param>
    /// <exception cref="SpecificationException">There are problems.</exception>
    public SearchSpec SpecOrThrow(string? source) => Problems.IsEmpty ? _spec : throw new SpecificationException(source, Problems);

    /// <summary>Puts places of this file to problems that only name their key, such as those found against a model.</summary>
    /// <remarks>
    /// A key that is not written gets the place of the nearest section above it, if any; one given outside the file gets the name of
    /// what gave it.
    /// </remarks>
    public ImmutableArray<SpecProblem> Locate(IEnumerable<SpecProblem> problems) => [.. Locate(problems, _places).Select(_explain)];

    internal static ImmutableArray<SpecProblem> Locate(
        IEnumerable<SpecProblem> problems, IReadOnlyDictionary<string, (int Line, int Column)> places) =>
        [.. problems.Select(p => p.Line is null && Find(p.Key, places) is { } place ? p with { Line = place.Line, Column = place.Column } : p)];

    private static (int Line, int Column)? Find(string key, IReadOnlyDictionary<string, (int Line, int Column)> places)
    {
        while (key.Length > 0)
        {
            if (places.TryGetValue(key, out var place))
            {
                return place;
            }

            key = key[..Math.Max(0, key.LastIndexOfAny(['.', '[']))];
        }

        return null;
    }
}
