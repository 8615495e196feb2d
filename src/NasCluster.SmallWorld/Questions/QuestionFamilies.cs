using System.Collections.Immutable;
using NasCluster.Core;

namespace NasCluster.SmallWorld.Questions;

/// <summary>All families of questions.</summary>
public static class QuestionFamilies
{
    /// <summary>In a fixed order.</summary>
    public static ImmutableArray<IQuestionFamily> All { get; } =
    [
        new RecallFamily(), new PossessionFamily(), new PlaceFamily(), new AgreementFamily(), new OrderingFamily(),
        new ArithmeticFamily(), new CopyingFamily(), new BracketsFamily(), new CauseFamily(), new CountingFamily(),
    ];

    /// <summary>The family of a name.</summary>
    /// <param name="name">Such as <c>recall</c>.</param>
    /// <exception cref="NasClusterException">There is none.</exception>
    public static IQuestionFamily Named(string name) =>
        All.FirstOrDefault(f => f.Name == name)
        ?? throw new NasClusterException($"There is no question family '{name}'; it must be one of {string.Join(", ", All.Select(f => f.Name))}.");
}
