using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Questions;

/// <summary>A row of brackets of four kinds, up to six deep; which closing one comes next?</summary>
internal sealed class BracketsFamily : IQuestionFamily
{
    private const int Deepest = 6;

    public string Name => "brackets";

    public Question Draw(IRandomSource random)
    {
        // Only in one of four rows is the innermost bracket the one opened last, as it would be by chance if it told nothing.
        var endsOpening = random.NextBoolean(0.25);
        while (true)
        {
            var length = random.NextBetween(4, 15);
            var open = new Stack<Bracket>();
            var row = new List<string>();
            Bracket? opened = null;
            var isOpening = true;
            while (row.Count < length)
            {
                isOpening = open.Count == 0 || (open.Count < Deepest && random.NextBoolean(0.55));
                if (isOpening)
                {
                    opened = random.Pick(Vocabulary.Brackets);
                    open.Push(opened);
                    row.Add(opened.Opening);
                }
                else
                {
                    row.Add(open.Pop().Closing);
                }
            }

            if (open.TryPeek(out var innermost) && (endsOpening ? isOpening : innermost != opened))
            {
                var others = Vocabulary.Brackets.Where(b => b != innermost).Select(b => b.Closing);
                return Question.Of(random, string.Join(' ', row), innermost.Closing, others);
            }
        }
    }
}
