using System.Collections.Immutable;
using System.Text;

namespace NasCluster.Evaluation.Tasks;

/// <summary>What of a question is needed to mark its answers, once they are encoded.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Answer">Which choice is right, from 0.</param>
/// <param name="ByteCounts">The length of every choice's text in UTF-8.</param>
internal readonly record struct ChoiceMarking(int Line, int Answer, ImmutableArray<int> ByteCounts)
{
    internal static ChoiceMarking Of(ChoiceQuestion question) =>
        new(question.Line, question.Answer, [.. question.Choices.Select(Encoding.UTF8.GetByteCount)]);
}
