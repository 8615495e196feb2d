using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;

namespace NasCluster.Core.Tests.Control;

public sealed class HypervolumeHistoryTests
{
    private static readonly Objective[] Objectives =
        [new("loss", ObjectiveDirection.Minimise, ObjectiveKind.Scored), new("accuracy", ObjectiveDirection.Maximise, ObjectiveKind.Scored)];

    [Fact]
    public void Add_GivenReference_PointPerChangeOfTheFront()
    {
        var history = new HypervolumeHistory(Objectives, [10, 0]);

        Assert.Equal(new HypervolumePoint(0, 1, [10, 0], 10), history.Add(Record(0, 0, 5, 2)));
        Assert.Null(history.Add(Record(1, 1, 6, 1)));
        Assert.Null(history.Add(Record(2, 2, 1, 9) with { Outcome = EvaluationOutcome.Failed("no") }));
        Assert.Null(history.Add(Record(3, 3, 1, 9) with { Outcome = EvaluationOutcome.Success([new(1, 0), new(9, 0)], constraintViolation: 1) }));
        Assert.Equal(new HypervolumePoint(4, 4, [10, 0], 14), history.Add(Record(4, 4, 8, 4) with { Source = OutcomeSource.Remembered }));
        Assert.Null(history.Complete());
    }

    [Fact]
    public void Add_DerivedReference_ComesFromTheFirstTrialsByNumberWhateverTheOrder()
    {
        var values = Enumerable.Range(0, 60).Select(i => (Loss: (i * 37 % 60) + 1.0, Accuracy: i * 23 % 60 / 60.0)).ToArray();
        var first = values[..HypervolumeHistory.ReferenceTrials];
        var (worstLoss, bestLoss) = (first.Max(v => v.Loss), first.Min(v => v.Loss));
        var (worstAccuracy, bestAccuracy) = (first.Min(v => v.Accuracy), first.Max(v => v.Accuracy));
        double[] expected = [worstLoss + (0.1 * (worstLoss - bestLoss)), worstAccuracy - (0.1 * (bestAccuracy - worstAccuracy))];
        var last = new List<HypervolumePoint>();
        foreach (var seed in (int[])[0, 1, 2])
        {
            var order = Enumerable.Range(0, 60).ToArray();
            if (seed > 0)
            {
                new Random(seed).Shuffle(order);
            }

            var history = new HypervolumeHistory(Objectives, null);
            var points = order.Select((trial, i) => history.Add(Record(i, trial, values[trial].Loss, values[trial].Accuracy))).OfType<HypervolumePoint>().ToList();

            Assert.All(points, p => Assert.Equal(expected, p.ReferencePoint));
            Assert.Equal(points.OrderBy(p => p.Hypervolume).ThenBy(p => p.Sequence), points);
            last.Add(points[^1]);
        }

        Assert.Single(last.Select(p => p.Hypervolume).Distinct());
    }

    [Fact]
    public void Complete_FewerTrialsThanAReferenceNeeds_GivesThePointOfTheWholeLog()
    {
        var history = new HypervolumeHistory(Objectives, null);
        Assert.Null(history.Add(Record(0, 0, 3, 1)));
        Assert.Null(history.Add(Record(1, 1, 1, 1)));

        // Losses 1 and 3: 3.2. Accuracy without spread: a tenth of itself below.
        Assert.Equal(new HypervolumePoint(1, 2, [3.2, 0.9], (3.2 - 1) * (1 - 0.9)), history.Complete());
    }

    [Fact]
    public void Complete_NothingSucceeded_GivesNone()
    {
        var history = new HypervolumeHistory(Objectives, null);
        history.Add(Record(0, 0, 0, 0) with { Outcome = EvaluationOutcome.Failed("no") });

        Assert.Null(history.Complete());
    }

    [Fact]
    public void Add_FourObjectives_LooksAtTheFrontNowAndThen()
    {
        Objective[] objectives = [.. Enumerable.Range(0, 4).Select(i => new Objective($"o{i}", ObjectiveDirection.Minimise, ObjectiveKind.Scored))];
        var history = new HypervolumeHistory(objectives, [1, 1, 1, 1]);
        var random = new Random(4);

        var sequences = Enumerable.Range(0, 120).Select(i => history.Add(Record(i, i, 0, 0) with
        {
            Outcome = EvaluationOutcome.Success([.. Enumerable.Range(0, 4).Select(_ => new ObjectiveValue(random.NextDouble(), 0))]),
        })).OfType<HypervolumePoint>().Select(p => p.Sequence);

        Assert.Equal([49, 99], sequences);
        Assert.Equal(119, history.Complete()?.Sequence);
    }

    private static OutcomeRecord Record(long sequence, long trial, double loss, double accuracy) => new(
        sequence, new Trial(new TrialId(trial), new Genome([0])), new EvaluationKey($"{trial}"),
        EvaluationOutcome.Success([new(loss, 0), new(accuracy, 0)]), OutcomeSource.Evaluated, DateTimeOffset.UnixEpoch);
}
