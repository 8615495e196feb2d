using System.Security.Cryptography;
using NasCluster.Core;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Pipeline.Prepared;
using NasCluster.Testing;

namespace NasCluster.Pipeline.Tests.Prepared;

public sealed class PreparedSearchTests : IDisposable
{
    private const string Text = "the specification, as the host writes it";
    private readonly ModelFolder _folder = new();
    private readonly DeviceGate _gate = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Evaluate_OnAnotherMachine_GivesTheOutcomesAndKeysOfOneProcessBitForBit()
    {
        using var here = LoadedSearch.Load(_folder.Spec, _ => new CpuEngine(), TimeProvider.System);
        var preparation = Prepare(_folder.Spec);

        // What travels is the JSON and the two files; what is there is the checkpoint.
        var there = Sent(preparation.Search, _folder.Spec);
        using var network = Engine();
        Assert.True(there.HasReport);
        Assert.Equal(here.Provenance, there.Provenance);
        foreach (var part in Enum.GetValues<SearchPart>())
        {
            using var evaluator = there.OpenEvaluator(network, preparation.OpenSetFile(part)!, _gate, part);
            var reference = part == SearchPart.Search ? here.Evaluator : here.ReportEvaluator!;
            Assert.Equal(reference.Objectives, evaluator.Objectives);
            Assert.Equal(reference.Objectives, there.ObjectivesOf(part));
            var architectures = there.Plan.CreateSearch(null).Ask(12).Select(t => (Candidate)there.Plan.Space.Decode(t.Genome)).ToArray();
            Assert.Equal(architectures.Select(reference.KeyOf), architectures.Select(there.KeysOf(part).KeyOf));
            Assert.Equal(architectures.Select(reference.KeyOf), architectures.Select(evaluator.KeyOf));
            Assert.Equal(reference.Evaluate(architectures, null, CancellationToken.None), evaluator.Evaluate(architectures, null, CancellationToken.None));
        }
    }

    [Fact]
    public void Plan_OfTheSearch_AsksForTheSameTrialsUnderTheSameKeys()
    {
        using var here = LoadedSearch.Load(_folder.Spec, _ => new CpuEngine(), TimeProvider.System);
        var there = Sent(Prepare(_folder.Spec).Search, _folder.Spec);

        var trials = here.Plan.CreateSearch(null).Ask(20);

        Assert.Equal(trials, there.Plan.CreateSearch(null).Ask(20));
        Assert.Equal(trials.Select(t => here.Evaluator.KeyOf(here.Plan.Space.Decode(t.Genome))), trials.Select(t => there.KeyOf(t.Genome)));
    }

    [Fact]
    public void OpenSetFile_EachPart_HasTheHashAndSetsThatAreNamed()
    {
        var preparation = Prepare(_folder.Spec);
        foreach (var (part, prepared) in ((SearchPart, PreparedPart)[])[(SearchPart.Search, preparation.Search.Search), (SearchPart.Report, preparation.Search.Report!)])
        {
            using var stream = preparation.OpenSetFile(part)!;
            Assert.True(stream.CanSeek);
            Assert.Equal(prepared.Content, Convert.ToHexStringLower(SHA256.HashData(stream)));
            stream.Position = 0;
            Assert.Equal(prepared.Sets, EvaluationSetFile.Read(stream).Identity);
        }
    }

    [Fact]
    public void Prepare_Again_GivesTheSameContents()
    {
        Assert.Equal(Prepare(_folder.Spec).Search.ToJson(), Prepare(_folder.Spec).Search.ToJson());
    }

    [Fact]
    public void Prepare_CostsAlone_NeedsNeitherTokenizerNorText()
    {
        File.Delete(_folder.TokenizerPath);
        var spec = new SearchSpec { Model = _folder.Model, Objectives = ["parameters", "macs_per_token"] };

        var preparation = Prepare(spec);

        var there = Sent(preparation.Search, spec);
        Assert.False(there.HasReport);
        Assert.False(there.IsMeasured);
        Assert.Null(preparation.OpenSetFile(SearchPart.Report));
        using var network = Engine();
        using var evaluator = there.OpenEvaluator(network, preparation.OpenSetFile(SearchPart.Search)!, _gate, SearchPart.Search);
        Assert.True(evaluator.Evaluate([there.Plan.Configuration.FullArchitecture], null, CancellationToken.None)[0].IsSuccess);
        Assert.Throws<InvalidOperationException>(() => there.KeysOf(SearchPart.Report));
        Assert.Throws<InvalidOperationException>(() => there.OpenEvaluator(network, EvaluationSets.None, _gate, SearchPart.Report));
    }

    [Fact]
    public void Prepare_NamesOfDataSets_AreResolvedByTheHost()
    {
        var named = _folder.Spec with { Model = "a-model", Data = _folder.Spec.Data with { Text = "a-text", Tasks = [new("quiz", "a-quiz")] } };
        var files = new SearchFiles(_folder.Model, Resolve: name => name == "a-text" ? _folder.TextPath : _folder.QuestionsPath);

        var search = SearchPreparation.Prepare(named, Text, files, Identify).Search;

        var direct = Prepare(_folder.Spec).Search;
        Assert.Equal(direct.Search, search.Search);
        Assert.Equal(direct.Report, search.Report);
        Assert.Equal(direct.Provenance, search.Provenance);
    }

    [Fact]
    public void Prepare_SpecificationDoesNotFit_IsRefusedBeforeAnythingIsTokenised()
    {
        var spec = _folder.Spec with { Space = new() { Depth = [5] } };
        var files = SearchFiles.AsWrittenIn(spec) with { OpenTokenizer = (_, _) => throw new InvalidOperationException("Not needed.") };

        Assert.Throws<SpecificationException>(() => SearchPreparation.Prepare(spec, Text, files, Identify));
    }

    [Theory]
    [InlineData("fingerprint")]
    [InlineData("configuration")]
    [InlineData("precision")]
    [InlineData("device")]
    [InlineData("numerics version")]
    public void OpenEvaluator_AnotherNetwork_IsRefusedAndSaysWhatDiffers(string what)
    {
        var preparation = Prepare(_folder.Spec);
        var info = preparation.Search.Network;
        using var network = new NamedNetwork(what switch
        {
            "fingerprint" => info with { Fingerprint = "patched" },
            "configuration" => info with { Configuration = info.Configuration with { MaximumPositions = 65 } },
            "precision" => info with { Precision = "bfloat16" },
            "device" => info with { Device = "another" },
            _ => info with { NumericsVersion = "cpu-0" },
        });

        var failure = Assert.Throws<NasClusterException>(
            () => preparation.Search.OpenEvaluator(network, preparation.OpenSetFile(SearchPart.Search)!, _gate, SearchPart.Search));

        Assert.StartsWith($"The super-network is not the one the search was prepared for: its {what} is ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Message, Assert.Throws<NasClusterException>(() => preparation.Search.CheckNetwork(network.Info)).Message);
    }

    [Fact]
    public void OpenEvaluator_SetsOfTheOtherPart_AreRefused()
    {
        var preparation = Prepare(_folder.Spec);
        using var network = new NamedNetwork(preparation.Search.Network);

        var failure = Assert.Throws<NasClusterException>(
            () => preparation.Search.OpenEvaluator(network, preparation.OpenSetFile(SearchPart.Report)!, _gate, SearchPart.Search));

        Assert.StartsWith("The evaluation sets are not those the search part of the search was prepared with: the text has ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsMeasured_SomethingIsMeasured_PutsTheDeviceIntoTheKeys()
    {
        var spec = _folder.Spec with { Objectives = ["perplexity", "latency_ms"] };
        SearchPreparation On(string device) => SearchPreparation.Prepare(spec, Text, Info() with { Device = device }, SearchFiles.AsWrittenIn(spec));

        var (one, other) = (On("one").Search, On("other").Search);

        Assert.True(one.IsMeasured);
        Assert.Equal("perplexity", Assert.Single(one.ObjectivesOf(SearchPart.Report)).Name);
        var genome = one.Plan.Widths.LargestGenome;
        Assert.NotEqual(one.KeyOf(genome), other.KeyOf(genome));
    }

    /// <summary>The real model: what the cluster evaluates is what <c>nas</c> evaluates.</summary>
    [SharedDataFact("models/stories260K/stories260K.bin", "corpora/tinystories/tinystories_1k_split.txt")]
    public void Evaluate_Stories_GivesTheOutcomesOfOneProcess()
    {
        var model = SharedData.PathOf("models/stories260K/stories260K.bin");
        var spec = new SearchSpec
        {
            Model = model,
            Data = new() { Text = SharedData.PathOf("corpora/tinystories/tinystories_1k_split.txt"), SearchTokens = 1000, ReportTokens = 500, Window = 128 },
            Objectives = ["perplexity", "parameters"],
        };
        using var here = LoadedSearch.Load(spec, _ => new CpuEngine(), TimeProvider.System);
        using var network = new CpuSuperNetwork(LlamaCheckpoints.Open(model));
        var preparation = SearchPreparation.Prepare(spec, Text, network.Info, SearchFiles.AsWrittenIn(spec));
        using var evaluator = Sent(preparation.Search, spec).OpenEvaluator(network, preparation.OpenSetFile(SearchPart.Search)!, _gate, SearchPart.Search);

        var architectures = here.Plan.CreateSearch(null).Ask(4).Select(t => (Candidate)here.Plan.Space.Decode(t.Genome)).ToArray();

        Assert.Equal(here.Evaluator.Evaluate(architectures, null, CancellationToken.None), evaluator.Evaluate(architectures, null, CancellationToken.None));
    }

    private static PreparedSearch Sent(PreparedSearch search, SearchSpec spec) => PreparedSearch.FromJson(search.ToJson(), text =>
    {
        Assert.Equal(Text, text);
        return spec;
    });

    private static SuperNetworkInfo Identify(LlamaCheckpoint checkpoint)
    {
        using var engine = new CpuSuperNetwork(checkpoint);
        return engine.Info;
    }

    private SearchPreparation Prepare(SearchSpec spec) => SearchPreparation.Prepare(spec, Text, SearchFiles.AsWrittenIn(spec), Identify);

    private SuperNetworkInfo Info()
    {
        using var engine = Engine();
        return engine.Info;
    }

    private CpuSuperNetwork Engine()
    {
        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        return new CpuSuperNetwork(checkpoint);
    }

    /// <summary>A network that only says what it is.</summary>
    private sealed class NamedNetwork(SuperNetworkInfo info) : ISuperNetwork
    {
        public SuperNetworkInfo Info => info;

        public LogLikelihood[][] Score(
            IReadOnlyList<Core.Architectures.Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation) =>
            throw new InvalidOperationException("Never asked.");

        public void Dispose()
        {
        }
    }
}
