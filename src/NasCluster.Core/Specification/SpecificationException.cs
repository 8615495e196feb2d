using System.Collections.Immutable;

namespace NasCluster.Core.Specification;

/// <summary>A specification that breaks rules. The message has one line per problem, each with the file and the place.</summary>
public sealed class SpecificationException : NasClusterException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="source">The file, as the user named it; null when there is none.</param>
    /// <param name="problems">Every problem, at least one.</param>
    public SpecificationException(string? source, ImmutableArray<SpecProblem> problems)
        : base(string.Join('\n', problems.Select(p => Describe(source, p))))
    {
        Problems = problems;
    }

    /// <summary>Every problem found.</summary>
    public ImmutableArray<SpecProblem> Problems { get; }

    private static string Describe(string? source, SpecProblem problem) =>
        (source, problem.Line) switch
        {
            (null, _) => problem.ToString(),
            (_, null) => $"{source}: {problem.Message}",
            _ => $"{source}({problem.Line},{problem.Column}): {problem.Message}",
        };
}
