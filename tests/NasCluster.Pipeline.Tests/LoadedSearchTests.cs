using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Pipeline.Tests;

public sealed class LoadedSearchTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private RecordingNetwork? _network;
    private LlamaCheckpoint? _checkpoint;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Provenance_NamesEverythingThatDecidesTheResults()
    {
        using var search = Load(_folder.Spec);

        Assert.Equal(
            [
                "data.report.quiz.fingerprint", "data.report.text.fingerprint", "data.search.quiz.fingerprint", "data.search.text.fingerprint",
                "engine.numerics", "engine.precision", "model.configuration", "model.fingerprint", "tokenizer.fingerprint",
            ],
            search.Provenance.Keys);
        Assert.Equal("fake-1", search.Provenance[ProvenanceNames.EngineNumerics]);
        Assert.Equal("float64", search.Provenance[ProvenanceNames.EnginePrecision]);
        Assert.Equal(_checkpoint!.Fingerprint, search.Provenance[ProvenanceNames.ModelFingerprint]);
        Assert.Equal(search.Plan.Configuration, LlamaConfiguration.FromJson(search.Provenance[ProvenanceNames.ModelConfiguration]));
        Assert.Equal(4, search.Provenance.Where(p => p.Key.StartsWith("data.", StringComparison.Ordinal)).Select(p => p.Value).Distinct().Count());
    }

    [Fact]
    public void Provenance_QuestionsLongerThanTheWindow_AreCounted()
    {
        using var whole = Load(_folder.Spec);
        using var cut = Load(_folder.Spec with { Data = _folder.Spec.Data with { Window = 32 } });

        Assert.DoesNotContain(ProvenanceNames.DataTruncated("search", "quiz"), whole.Provenance.Keys);
        Assert.Equal("3 of 3 questions", cut.Provenance["data.search.quiz.truncated"]);
        Assert.Equal("3 of 3 questions", cut.Provenance["data.report.quiz.truncated"]);

        // A run from before they were counted goes on: the fingerprint says what is scored.
        cut.CheckSameAs(cut.Provenance.Remove("data.search.quiz.truncated"));
    }

    [Fact]
    public void Evaluators_SeeDifferentPartsOfTheData()
    {
        using var search = Load(_folder.Spec);
        var whole = search.Plan.Configuration.FullArchitecture;

        Assert.NotEqual(search.Evaluator.KeyOf(whole), search.ReportEvaluator!.KeyOf(whole));
        Assert.All([search.Evaluator, search.ReportEvaluator], evaluator =>
        {
            var outcome = Assert.Single(evaluator.Evaluate([whole], null, CancellationToken.None));
            Assert.Equal(Math.Exp(0.25), outcome.Values[0].Value, 1e-9);
        });
    }

    [Fact]
    public void ReportEvaluator_SearchSharesEverything_IsNotThere()
    {
        using var search = Load(_folder.Spec with { Data = _folder.Spec.Data with { SearchShare = 1 } });

        Assert.Null(search.ReportEvaluator);
        Assert.DoesNotContain(search.Provenance.Keys, k => k.StartsWith("data.report", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_CostsAlone_NeedsNeitherTokenizerNorText()
    {
        File.Delete(_folder.TokenizerPath);

        using var search = Load(new SearchSpec { Model = _folder.Model, Objectives = ["parameters", "macs_per_token"] });

        Assert.Equal(["engine.numerics", "engine.precision", "model.configuration", "model.fingerprint"], search.Provenance.Keys);
        Assert.True(search.Evaluator.Evaluate([search.Plan.Configuration.FullArchitecture], null, CancellationToken.None)[0].IsSuccess);
    }

    [Fact]
    public void Load_TextButNoTokenizer_IsRefusedBeforeAnEngineIsMade()
    {
        File.Delete(_folder.TokenizerPath);

        Assert.Contains("tokenizer.model", Assert.Throws<NasClusterException>(() => Load(_folder.Spec)).Message, StringComparison.Ordinal);
        Assert.Null(_network);
    }

    [Fact]
    public void Load_Done_LetsGoOfTheCheckpointAndKeepsTheNetworkUntilDisposed()
    {
        var search = Load(_folder.Spec);
        Assert.Throws<ObjectDisposedException>(ReadCheckpoint);
        Assert.False(_network!.IsDisposed);

        search.Dispose();
        Assert.True(_network.IsDisposed);
    }

    [Fact]
    public void Load_EngineFails_LetsGoOfTheCheckpoint()
    {
        Assert.Throws<NasClusterException>(() => LoadedSearch.Load(_folder.Spec, _ => new GivenEngine(checkpoint =>
        {
            _checkpoint = checkpoint;
            ReadCheckpoint();
            throw new NasClusterException("No engine today.");
        }), TimeProvider.System));

        Assert.Throws<ObjectDisposedException>(ReadCheckpoint);
    }

    [Fact]
    public void Load_EngineCannotDoWhatIsAsked_IsDisposedOf()
    {
        // To be measured, a sub-network must be extracted, and this engine cannot.
        var failure = Assert.Throws<NasClusterException>(() => Load(_folder.Spec with { Objectives = ["latency_ms", "parameters"] }));

        Assert.Contains("latency_ms", failure.Message, StringComparison.Ordinal);
        Assert.True(_network!.IsDisposed);
        Assert.Throws<ObjectDisposedException>(ReadCheckpoint);
    }

    [Fact]
    public void Load_SpecificationDoesNotFit_IsRefusedBeforeAnEngineIsMade()
    {
        var spec = _folder.Spec with { Space = new() { Depth = [5] } };

        Assert.Equal("space.depth[0]", Assert.Single(Assert.Throws<SpecificationException>(() => Load(spec)).Problems).Key);
        Assert.Null(_network);
    }

    [Fact]
    public void CheckSameAs_LoadedAgain_Passes()
    {
        using var first = Load(_folder.Spec);
        using var second = Load(_folder.Spec);

        second.CheckSameAs(first.Provenance);
        second.CheckSameAs(first.Provenance.Add(ProvenanceNames.ProgramVersion, "another"));
    }

    [Fact]
    public void CheckSameAs_QuestionsChanged_NamesThemAndNothingElse()
    {
        using var before = Load(_folder.Spec);

        // Only the first of six, which is in the part that the search sees.
        File.WriteAllText(_folder.QuestionsPath, File.ReadAllText(_folder.QuestionsPath).Replace("what is 0?", "where is 0?", StringComparison.Ordinal));
        using var after = Load(_folder.Spec);

        var failure = Assert.Throws<NasClusterException>(() => after.CheckSameAs(before.Provenance));

        Assert.Contains("started: data.search.quiz.fingerprint. ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckSameAs_NamesWhatCameAndWhatWent()
    {
        using var search = Load(_folder.Spec);
        var recorded = search.Provenance
            .Remove(ProvenanceNames.TokenizerFingerprint)
            .SetItem(ProvenanceNames.EngineNumerics, "fake-0")
            .Add("data.search.another.fingerprint", "x");

        var failure = Assert.Throws<NasClusterException>(() => search.CheckSameAs(recorded));

        Assert.Contains("started: data.search.another.fingerprint, engine.numerics, tokenizer.fingerprint. ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    private LoadedSearch Load(SearchSpec spec) => LoadedSearch.Load(spec, plan => new GivenEngine(checkpoint =>
    {
        _checkpoint = checkpoint;
        return _network = new RecordingNetwork(plan.Configuration, checkpoint.Fingerprint);
    }), TimeProvider.System);

    private void ReadCheckpoint() => _checkpoint!.EmbedTokens.ReadRow(0, new float[_checkpoint.Configuration.HiddenSize]);
}
