using NasCluster.Core.Control;
using NasCluster.Core.Control.Sharing;
using NasCluster.Reporting.Progress;

namespace NasCluster.Reporting.Tests.Progress;

public sealed class EvaluatorRatesTests
{
    private readonly EvaluatorRates _rates = new();

    [Fact]
    public void Take_Listing_IsShownAsItIs()
    {
        var row = Assert.Single(_rates.Take([Listing("a", 12, 30) with { Loaded = ["m", "n"], InHand = 3, IsDraining = true }]));

        Assert.Equal(
            new EvaluatorRow
            {
                Name = "a",
                Activity = EvaluatorActivity.Draining,
                InHand = 3,
                BatchSize = 4,
                Evaluations = 12,
                Failed = 1,
                PerSecond = 0.4,
                SuperNetworks = 2,
            },
            row);
    }

    [Fact]
    public void Take_NothingEndedYet_SpeedIsUnknown() => Assert.Null(SpeedAfter((0, 0)));

    [Fact]
    public void Take_FirstLook_SpeedIsThatOfItsLife() => Assert.Equal(0.5, SpeedAfter((10, 20)));

    [Fact]
    public void Take_LaterLook_SpeedIsThatSinceTheFirst() => Assert.Equal(4, SpeedAfter((10, 20), (30, 25)));

    [Fact]
    public void Take_NothingNew_SpeedStays() => Assert.Equal(4, SpeedAfter((10, 20), (30, 25), (30, 25), (30, 25)));

    [Fact]
    public void Take_ManyLooks_OldOnesAreForgotten()
    {
        var looks = Enumerable.Range(0, 40).Select(i => i < 20 ? (i, i * 10.0) : (i, 200.0 + (i - 20))).ToArray();

        Assert.Equal(1, SpeedAfter(looks)!.Value, 9);
    }

    [Fact]
    public void Take_CountsBeginAnew_SpeedIsThatOfTheNewCount() => Assert.Equal(2, SpeedAfter((100, 1000), (0, 0), (10, 5)));

    [Fact]
    public void Take_EvaluatorThatWasAway_IsLookedAtAnew()
    {
        _rates.Take([Listing("a", 10, 10)]);
        _rates.Take([]);

        Assert.Equal(2, Assert.Single(_rates.Take([Listing("a", 40, 20)])).PerSecond);
    }

    private double? SpeedAfter(params (int Evaluations, double Seconds)[] looks) =>
        looks.Select(look => _rates.Take([Listing("a", look.Evaluations, look.Seconds)])).ToArray()[^1][0].PerSecond;

    private static EvaluatorListing Listing(string name, long evaluations, double seconds) =>
        new(new EvaluatorId(name), "s", 4, ["m"], false, new SearchId("x"), false, false)
        {
            Tally = new EvaluatorTally(evaluations, Math.Min(1, evaluations), TimeSpan.FromSeconds(seconds)),
        };
}
