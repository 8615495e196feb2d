using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements.Tables;
using NasCluster.Llama.Checkpoints;
using NasCluster.Pipeline.Prepared;

namespace NasCluster.Pipeline.Tests;

public sealed class SpecifiedTableTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly LlamaConfiguration _configuration;
    private readonly string _table;

    public SpecifiedTableTests()
    {
        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        _configuration = checkpoint.Configuration;
        _table = Path.Combine(Path.GetDirectoryName(_folder.TextPath)!, "table.json");
        Write(GivenTable.Of(Spec, _configuration));
    }

    private SearchSpec Spec => _folder.Spec with { Objectives = ["perplexity", "decode_ms", "prefill_tokens_per_second"], Measurement = new() { Table = _table, Tokens = 32 } };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_EngineThatCanMeasureNothing_PredictsAllTheSame()
    {
        using var search = Load(Spec);

        Assert.False(search.Plan.NeedsDeviceAlone);
        Assert.Equal(search.Plan.Table!.Fingerprint, search.Provenance[ProvenanceNames.LatencyTable]);
        Assert.True(ProvenanceNames.Decides(ProvenanceNames.LatencyTable));
        var outcomes = search.Evaluator.Evaluate([_configuration.FullArchitecture, search.Plan.Space.Decode(search.Plan.Widths.SmallestGenome)], null, CancellationToken.None);
        Assert.All(outcomes, o => Assert.True(o.IsSuccess));

        // The rest, and in each of 4 layers 2 groups and 24 channels.
        Assert.Equal(1 + (4 * (4 + 0.024)), outcomes[0].Values[1].Value, 9);
        Assert.True(outcomes[1].Values[1].Value < outcomes[0].Values[1].Value);
        Assert.Equal(outcomes[0].Values[1].Value * 0.014826, outcomes[0].Values[1].StandardError, 9);
    }

    [Fact]
    public void Load_TableChangedSince_IsNotGoneOnWith()
    {
        using var before = Load(Spec);
        Write(GivenTable.Of(Spec, _configuration) with { Measured = DateTimeOffset.UnixEpoch.AddDays(1) });
        using var after = Load(Spec);
        Assert.Contains("measurement.table.fingerprint", Assert.Throws<NasClusterException>(() => after.CheckSameAs(before.Provenance)).Message, StringComparison.Ordinal);
        after.CheckSameAs(after.Provenance);
    }

    [Fact]
    public void Load_NoSpeedAskedFor_LeavesTheTableAlone()
    {
        using var search = Load(_folder.Spec with { Measurement = new() { Table = "nowhere.json" } });
        Assert.Null(search.Plan.Table);
    }

    [Fact]
    public void Load_TableThatDoesNotFit_IsRefusedWithFileAndReason()
    {
        Assert.Contains("cannot be read", Failure(Spec with { Measurement = new() { Table = "nowhere.json" } }), StringComparison.Ordinal);
        Assert.StartsWith($"{_table}: The latency table has no times of decode for batch 2", Failure(Spec with { Measurement = Spec.Measurement with { Batch = 2 } }), StringComparison.Ordinal);
        Write(GivenTable.Of(Spec, _configuration with { HiddenSize = 32 }));
        Assert.StartsWith($"{_table}: The latency table is of another model: its hidden size is 32", Failure(Spec), StringComparison.Ordinal);
        Write(GivenTable.Of(Spec, _configuration) with { Knots = new([1, 2], [2], [20, 24], []) });
        Assert.StartsWith($"{_table}: Layer 0 has 12 MLP channels; the latency table is of 20 to 24", Failure(Spec), StringComparison.Ordinal);
        Write(GivenTable.Of(Spec, _configuration) with { Knots = new([1, 2], [1], [1, 24], []) });
        Assert.StartsWith($"{_table}: Layer 0 has 2 rotary pairs", Failure(Spec), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TableOfAnotherDevice_IsRefusedUnlessAskedFor()
    {
        Write(GivenTable.Of(Spec, _configuration) with { Device = new("torch-1", "bfloat16", "cuda:0", "a card", 1) });
        Assert.Contains("another class of devices", Failure(Spec), StringComparison.Ordinal);
        using var search = Load(Spec with { Measurement = Spec.Measurement with { TableDevice = TableDevice.Any } });
        Assert.NotNull(search.Plan.Table);
    }

    [Fact]
    public void Prepare_WithATable_CarriesItAndEvaluatesTheSame()
    {
        using var here = Load(Spec);
        var stored = Spec with { Measurement = Spec.Measurement with { Table = "sha256:0" } };
        var files = SearchFiles.AsWrittenIn(Spec) with { Resolve = name => name == "sha256:0" ? _table : name };

        var preparation = SearchPreparation.Prepare(stored, "spec", here.Network.Info, files);
        File.Delete(_table);
        var there = PreparedSearch.FromJson(preparation.Search.ToJson(), _ => stored);

        var whole = there.Plan.WholeGenome;
        Assert.Equal(here.Evaluator.KeyOf(here.Plan.Space.Decode(whole)), there.KeyOf(whole));
        using var evaluator = there.OpenEvaluator(here.Network, preparation.OpenSetFile(SearchPart.Search)!, new(), SearchPart.Search);
        Assert.Equal(
            here.Evaluator.Evaluate([_configuration.FullArchitecture], null, CancellationToken.None),
            evaluator.Evaluate([_configuration.FullArchitecture], null, CancellationToken.None));
    }

    private void Write(LatencyTable table) => File.WriteAllText(_table, LatencyTableJson.Write(table));

    private string Failure(SearchSpec spec) => Assert.Throws<NasClusterException>(() => Load(spec)).Message;

    private static LoadedSearch Load(SearchSpec spec) => LoadedSearch.Load(
        spec, plan => new GivenEngine(checkpoint => new RecordingNetwork(plan.Configuration, checkpoint.Fingerprint)), TimeProvider.System);
}
