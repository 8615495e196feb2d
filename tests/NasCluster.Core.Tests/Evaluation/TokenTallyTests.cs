using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Evaluation;

public sealed class TokenTallyTests
{
    [Fact]
    public void Count_EvaluatorThatWorkedBefore_PassesOnWhatCameSince()
    {
        var evaluator = new CountingEvaluator(100);
        var told = new List<long>();
        var tally = new TokenTally(evaluator, told.Add);
        tally.Count();
        evaluator.Score(7);
        tally.Count();
        tally.Count();
        evaluator.Score(3);
        tally.Count();

        Assert.Equal([7, 3], told);
    }

    [Fact]
    public void Count_FromManyThreads_PassesEveryTokenOnOnce()
    {
        var evaluator = new CountingEvaluator(0);
        var told = 0L;
        var tally = new TokenTally(evaluator, count => told += count);
        Parallel.For(0, 1000, _ =>
        {
            evaluator.Score(3);
            tally.Count();
        });

        Assert.Equal(3000, told);
    }

    private sealed class CountingEvaluator(long tokens) : IEvaluator
    {
        private long _tokens = tokens;

        public IReadOnlyList<Objective> Objectives => [];

        public long TokensScored => Interlocked.Read(ref _tokens);

        public void Score(long tokens) => Interlocked.Add(ref _tokens, tokens);

        public EvaluationKey KeyOf(Candidate candidate) => throw new NotSupportedException();

        public IReadOnlyList<EvaluationOutcome> Evaluate(IReadOnlyList<Candidate> candidates, Action? progress, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
