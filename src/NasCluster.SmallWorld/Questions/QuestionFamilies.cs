using System.Collections.Immutable;
using NasCluster.Core;

namespace NasCluster.SmallWorld.Questions;

/// <summary>All families of questions, from those a shallow network answers to those a deep one finds hard.</summary>
/// <remarks>
/// <para><c>recall</c>: who has one of four or five things just named. <c>possession</c>: the same after things changed hands.</para>
/// <para><c>place</c>: where somebody is, or what they carry, after several have moved. <c>ordering</c>: who is tallest, shortest or second.</para>
/// <para><c>agreement</c>: which reflexive pronoun fits the one who did it. <c>arithmetic</c>: sums and differences from zero to twenty.</para>
/// <para><c>copying</c>: the next word of a list begun again. <c>brackets</c>: the bracket that closes next.</para>
/// <para><c>cause</c>: what somebody will do, being of a kind, or why. <c>counting</c>: how many of a list are of a kind.</para>
/// <para>
/// All have four choices, each one token, and the right one is anywhere among them. Where choices are named in the question, the wrong
/// ones are as well, and taking the first, last or most frequent of them is no better than chance.
/// </para>
/// </remarks>
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
