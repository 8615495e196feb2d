using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Llama.Cpu;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Pipeline.Tests.Prepared;

public sealed class PreparedRunTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OfSearch_SentAndRead_IsTheSearch()
    {
        var search = Prepare();
        var run = Sent(PreparedRun.Of(search));

        Assert.Equal(SearchPart.Search, run.Part);
        Assert.Equal(search.Plan.Objectives.AsEnumerable(), run.Objectives);
        Assert.Equal(search.Plan.EvaluationCount, run.EvaluationCount);
        Assert.Equal(search.Search, run.Data);
        var trials = search.Plan.CreateSearch(null).Ask(10);
        Assert.Equal(trials, run.CreateSearch(null).Ask(10));
        Assert.Equal(trials.Select(t => search.KeyOf(t.Genome)), trials.Select(t => run.KeyOf(t.Genome)));
    }

    [Fact]
    public void OfReport_SentAndRead_AsksForEachGenomeOfTheFrontOnceAndFinishes()
    {
        var search = Prepare();
        Genome[] front = [search.Plan.Widths.SmallestGenome, search.Plan.Widths.LargestGenome, search.Plan.Widths.SmallestGenome];
        var run = Sent(PreparedRun.OfReport(search, front));
        var asked = run.CreateSearch(null);

        var trials = asked.Ask(100);

        Assert.Equal([search.Plan.Widths.SmallestGenome, search.Plan.Widths.LargestGenome], trials.Select(t => t.Genome));
        Assert.Equal((SearchPart.Report, 2L, search.Report), (run.Part, run.EvaluationCount, run.Data));
        Assert.Equal(search.ObjectivesOf(SearchPart.Report).AsEnumerable(), run.Objectives);
        Assert.All(trials, t => Assert.NotEqual(search.KeyOf(t.Genome), run.KeyOf(t.Genome)));
        foreach (var trial in trials)
        {
            asked.Tell(trial.Id, EvaluationOutcome.Failed("not scored here"));
        }

        Assert.True(asked.IsFinished);
        Assert.True(run.CreateSearch(asked.Snapshot()).IsFinished);
    }

    [Fact]
    public void OfReport_WithoutAFront_IsRefused() => Assert.Throws<ArgumentException>(() => PreparedRun.OfReport(Prepare(), []));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"schema": 2, "search": {}, "front": null}""")]
    [InlineData("""{"schema": 1, "front": null}""")]
    [InlineData("""{"schema": 1, "search": {}, "front": null}""")]
    [InlineData("""{"schema": "x", "search": {}, "front": null}""")]
    public void FromJson_SomethingElse_IsRefusedInOneLine(string json)
    {
        var refused = Assert.Throws<NasClusterException>(() => PreparedRun.FromJson(json, _ => _folder.Spec));

        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[[1]]")]
    [InlineData("[[\"a\"]]")]
    [InlineData("7")]
    public void FromJson_FrontThatIsNone_IsRefused(string front)
    {
        var json = PreparedRun.Of(Prepare()).ToJson().Replace("\"front\":null", $"\"front\":{front}", StringComparison.Ordinal);

        Assert.Throws<NasClusterException>(() => PreparedRun.FromJson(json, _ => _folder.Spec));
    }

    private PreparedRun Sent(PreparedRun run) => PreparedRun.FromJson(run.ToJson(), _ => _folder.Spec);

    private PreparedSearch Prepare() => SearchPreparation.Prepare(_folder.Spec, "the specification", SearchFiles.AsWrittenIn(_folder.Spec), CpuSuperNetwork.Identify).Search;
}
