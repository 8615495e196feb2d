using NasCluster.Core.Specification;
using NasCluster.Evaluation.Texts;

namespace NasCluster.Evaluation.Tests.Texts;

public sealed class SlidingWindowsTests
{
    private const int Mark = 1_000_000;

    [Fact]
    public void Cut_OverlappingWithMark_ScoresEveryTokenAfterWhatFits()
    {
        var windows = SlidingWindows.Cut([0, 1, 2, 3, 4, 5, 6], new(5, 2, FirstTokenRule.Bos), Mark);
        Assert.Equal(["M 0 1 2 3|1", "M 2 3 4 5|3", "M 4 5 6|3"], windows.Select(Describe));
    }

    [Fact]
    public void Cut_DisjointWithoutMark_LeavesOutTheFirstOfEachWindow()
    {
        var windows = SlidingWindows.Cut([0, 1, 2, 3, 4, 5, 6], new(3, 3, FirstTokenRule.Skip), null);
        Assert.Equal(["0 1 2|1", "3 4 5|1"], windows.Select(Describe));
    }

    [Fact]
    public void Cut_Limit_ScoresExactlyThatMany()
    {
        var windows = SlidingWindows.Cut([0, 1, 2, 3, 4, 5, 6], new(5, 5, FirstTokenRule.Bos, MaximumScored: 5), Mark);
        Assert.Equal(["M 0 1 2 3|1", "M 4|1"], windows.Select(Describe));
    }

    [Fact]
    public void Cut_AnyProtocol_ScoresEachTokenOnceInOrderWithTheTextBeforeIt()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var window = random.Next(2, 20);
            var rule = (FirstTokenRule)random.Next(2);
            var protocol = new WindowProtocol(window, random.Next(1, window + 1), rule, MaximumScored: random.Next(2) == 0 ? null : random.Next(1, 60));
            var tokens = Enumerable.Range(0, random.Next(protocol.Content, 80)).ToArray();

            var scored = new List<int>();
            foreach (var request in SlidingWindows.Cut(tokens, protocol, Mark))
            {
                var content = request.TokenIds.Where(t => t != Mark).ToArray();
                Assert.InRange(request.TokenIds.Length, 2, window);
                Assert.Equal(rule == FirstTokenRule.Bos, request.TokenIds[0] == Mark);
                Assert.Equal(Enumerable.Range(content[0], content.Length), content);
                scored.AddRange(request.TokenIds.Skip(request.FirstScored));
            }

            var disjoint = protocol.Stride == window;
            var expected = tokens.Where(t => rule == FirstTokenRule.Bos || (disjoint ? t % window != 0 : t != 0)).Take(protocol.MaximumScored ?? int.MaxValue);
            Assert.Equal(expected, scored);
        }
    }

    private static string Describe(NasCluster.Core.SuperNetworks.ScoringRequest request) =>
        $"{string.Join(' ', request.TokenIds.Select(t => t == Mark ? "M" : $"{t}"))}|{request.FirstScored}";
}
