using NasCluster.Core.Control;
using NasCluster.Core.Prediction;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control;

public class SearchControllerPredictorTests
{
    private static readonly PredictorFit First = new(1, "loss", PredictorKind.Ridge, 0.5, 0.2, 50);
    private static readonly PredictorFit Loss = new(2, "loss", PredictorKind.RadialKernel, 0.75, 0.1, 100);
    private static readonly PredictorFit Accuracy = new(2, "accuracy", PredictorKind.Ridge, 0.7, 0.15, 100);

    [Fact]
    public void Status_SearchThatPredicts_HasTheFitsOfItsLatestRound()
    {
        Assert.Empty(Of(new Predicting()).Predictors);
        Assert.Equal([First], Of(new Predicting(First)).Predictors);
        Assert.Equal([Loss, Accuracy], Of(new Predicting(First, Loss, Accuracy)).Predictors);
    }

    [Fact]
    public void Status_SearchThatDoesNot_HasNone() => Assert.Empty(new ControllerScript(new ListSearch(1)).Status.Predictors);

    private static ControllerStatus Of(ISearch search) => new ControllerScript(search).Status;

    private sealed class Predicting(params PredictorFit[] fits) : ISearch, IPredictorQuality
    {
        private readonly ListSearch _search = new(1);

        public IReadOnlyList<PredictorFit> Fits => fits;

        public bool IsFinished => _search.IsFinished;

        public int Available => _search.Available;

        public int UntilBarrier => _search.UntilBarrier;

        public int? Generation => _search.Generation;

        public IReadOnlyList<Trial> Ask(int count) => _search.Ask(count);

        public void Tell(TrialId id, EvaluationOutcome outcome) => _search.Tell(id, outcome);

        public SearchSnapshot Snapshot() => _search.Snapshot();
    }
}
