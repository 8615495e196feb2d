using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Cpu;
using NasCluster.Pipeline.Prepared;
using NasCluster.Pipeline.Pruning;

namespace NasCluster.Pipeline.Tests.Prepared;

/// <summary>Stages carried out from what was prepared and stored, against the same stages in one process.</summary>
public sealed class PreparedStageTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly DeviceGate _gate = new();
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _stored = [];

    // Importance asks for a thousand tokens.
    public PreparedStageTests() => File.WriteAllLines(_folder.TextPath, Enumerable.Range(0, 240).Select(i => $"line {i * 7919 % 240} of a text."));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ImportanceName.Magnitude, 0)]
    [InlineData(ImportanceName.Wanda, 3)]
    [InlineData(ImportanceName.Hessian, 0)]
    [InlineData(ImportanceName.Taylor, 0)]
    public void CarryOut_StagesBeforeAMaskSearch_LeaveTheScoresTrialsAndOutcomesOfOneProcess(ImportanceName importance, int steps)
    {
        var spec = Masks(new PruningSpec { Keep = 0.7, Importance = importance, Sequences = 40, PolicyGradient = Gradient(steps) });
        using var here = Load(spec);
        var scores = ScoresIn(here);
        here.Use(scores);

        var there = Carried(Prepare(spec), threads: 1);

        Assert.Equal(ScoresFile.Write(scores), Encoding.UTF8.GetString(_stored[there.Scores!].Span));
        AssertSameSearch(here, there, here.Evaluator, (engine, sets) => there.OpenEvaluator(engine, sets, _gate, SearchPart.Search));
    }

    [Fact]
    public void CarryOut_ImportanceBeforeWidths_LeavesTheSearchInOrderOfImportance()
    {
        var spec = _folder.Spec with
        {
            Space = _folder.Spec.Space with { Depth = [2, 3, 4] },
            Data = Calibrated,
            Pruning = new PruningSpec { Importance = ImportanceName.Wanda, Sequences = 40 },
        };
        using var here = Load(spec);
        var unordered = here.Plan.Space.Decode(here.Plan.Widths.SmallestGenome);
        here.Use(ScoresIn(here));
        Assert.NotEqual(unordered, here.Plan.Space.Decode(here.Plan.Widths.SmallestGenome));

        var there = Carried(Prepare(spec), threads: 1);

        AssertSameSearch(here, there, here.Evaluator, (engine, sets) => there.OpenEvaluator(engine, sets, _gate, SearchPart.Search));
        var front = here.Plan.CreateSearch(null).Ask(5).Select(t => t.Genome).ToArray();
        var report = PreparedRun.OfReport(there, front);
        var sent = PreparedRun.FromJson(report.ToJson(), _ => spec);
        Assert.Equal(there.Scores, sent.ScoresNeeded);
        var ready = sent.With(_stored[sent.ScoresNeeded!].Span);
        Assert.Null(ready.ScoresNeeded);
        Assert.Equal(report.CreateSearch(null).Ask(9), ready.CreateSearch(null).Ask(9));
        Assert.All(front, genome => Assert.Equal(report.KeyOf(genome), ready.KeyOf(genome)));
    }

    [Fact]
    public void OpenRepairing_OnAnotherMachine_GivesTheOutcomesAndKeysOfOneProcess()
    {
        var spec = Masks(Composition);
        using var here = Load(spec);
        here.Use(ScoresIn(here));
        here.RepairCandidates(TimeProvider.System, CancellationToken.None);

        var there = Carried(Prepare(spec), threads: 1);

        Assert.True(there.RepairsCandidates);
        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var basis = there.GatherForRepair(checkpoint, Sets(there.Stages.Calibration!), engine.Cpu, CancellationToken.None);
        AssertSameSearch(here, there, here.Evaluator, (network, sets) => there.OpenRepairing(network.Info, basis, checkpoint, sets, _gate, SearchPart.Search, engine));
        using var reporting = there.OpenRepairing(there.Network, basis, checkpoint, Sets(there.Report!), _gate, SearchPart.Report, engine);
        var whole = new Candidate(there.Plan.Space.Decode(there.Plan.WholeGenome));
        Assert.Equal(here.ReportEvaluator!.KeyOf(whole), reporting.KeyOf(whole));
        Assert.Equal(here.ReportEvaluator!.KeyOf(whole), there.KeysOf(SearchPart.Report).KeyOf(whole));
        Assert.Equal(here.ReportEvaluator.Evaluate([whole], null, CancellationToken.None), reporting.Evaluate([whole], null, CancellationToken.None));
        Assert.Throws<NasClusterException>(() => there.OpenRepairing(there.Network, basis, checkpoint, Sets(there.Report!), _gate, SearchPart.Search, engine));
    }

    [Fact]
    public void CarryOut_AfterTheSearch_CutsRepairsAndScoresWhatOneProcessWould()
    {
        var spec = Masks(Composition);
        var there = Carried(Prepare(spec), threads: 1);
        var outcomes = Outcomes(there);
        var stage = Sent(PreparedStage.LastOf(there, outcomes)!, spec);
        Assert.Equal(SearchStage.Pruned, stage.Stage);

        var output = CarryOut(stage, threads: 1);

        Assert.Empty(output.Scores);
        using var here = Load(spec);
        here.Use(ScoresIn(here));
        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        var best = PrunedChoice.Of(here.Plan, outcomes);
        using var pruned = PrunedStage.CarryOut(
            spec, best.Id, here.Plan.Space.Decode(best.Genome), checkpoint, here.Network, here.Calibration,
            (network, part) => here.OpenEvaluator(network, part, TimeProvider.System), here.Engine, CancellationToken.None);
        Assert.Equal(Timeless(pruned.ToJson(TimeSpan.Zero)), Timeless(output.Record));
        Assert.Equal(["whole", "cut", "repaired"], output.Record["networks"]!.AsArray().Select(n => (string)n!["name"]!));
        Assert.Equal(["perplexity", "quiz"], output.Record["networks"]![2]!["report"]!.AsObject().Select(p => p.Key));
    }

    /// <summary>What a silo does that was killed during a stage, and the one that does it after it.</summary>
    [Fact]
    public void CarryOut_GivenUpMidwayAndBegunAgainElsewhere_LeavesTheSameBytes()
    {
        var spec = Masks(new PruningSpec { Keep = 0.7, Importance = ImportanceName.Wanda, Sequences = 40, PolicyGradient = Gradient(6) });
        var importance = Sent(PreparedStage.NextOf(Prepare(spec))!, spec);
        var undisturbed = CarryOut(importance, threads: 2);
        GiveUp(importance);
        Assert.Equal(Text(undisturbed), Text(CarryOut(Sent(importance, spec), threads: 1)));

        var gradient = Sent(PreparedStage.NextOf(importance.After(Store(undisturbed)))!, spec);
        Assert.Equal(SearchStage.PolicyGradient, gradient.Stage);
        var refined = CarryOut(gradient, threads: 2);
        GiveUp(gradient);
        Assert.Equal(Text(refined), Text(CarryOut(Sent(gradient, spec), threads: 1)));
        Assert.NotEqual(Text(undisturbed), Text(refined));

        void GiveUp(PreparedStage stage)
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => CarryOut(stage, threads: 1, stop));
            Assert.True(stop.IsCancellationRequested);
        }
    }

    [Fact]
    public void Record_OfEachStage_SaysItsInputsAndTime()
    {
        var spec = Masks(new PruningSpec { Keep = 0.7, Importance = ImportanceName.Wanda, Sequences = 40, PolicyGradient = Gradient(2) });
        var search = Prepare(spec);
        var importance = PreparedStage.NextOf(search)!;

        var first = CarryOut(importance, threads: 1);
        var second = CarryOut(PreparedStage.NextOf(importance.After(Store(first)))!, threads: 1);

        Assert.Equal(["method", "model", "calibration", "sequences", "tokens", "seconds"], first.Record.Select(p => p.Key));
        Assert.Equal(("wanda", search.Network.Fingerprint, search.Stages.Calibration!.Sets.Text), ((string)first.Record["method"]!, (string)first.Record["model"]!, (string)first.Record["calibration"]!));
        Assert.Equal(["policy_gradient_steps", "seed", "seconds"], second.Record.Select(p => p.Key));
        Assert.True((double)second.Record["seconds"]! > 0);
    }

    [Fact]
    public void CarryOut_AnotherNetworkOrContent_IsRefused()
    {
        var stage = PreparedStage.NextOf(Prepare(Masks(new PruningSpec { Keep = 0.7, Importance = ImportanceName.Wanda })))!;
        _stored[stage.Search.Stages.Calibration!.Content] = _stored[stage.Search.Search.Content];
        Assert.Contains("does not hold the sets", Assert.Throws<NasClusterException>(() => CarryOut(stage, threads: 1)).Message, StringComparison.Ordinal);

        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        using var another = new RecordingNetwork(checkpoint.Configuration, checkpoint.Fingerprint);
        var refused = Assert.Throws<NasClusterException>(() => stage.CarryOut(new StageMachine(checkpoint, another, _gate, new CpuEngine(), TimeProvider.System), _stored, CancellationToken.None));
        Assert.Contains("is not the one the search was prepared for", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"schema":2}""")]
    [InlineData("""{"schema":1,"search":{},"stage":"importance","best":null}""")]
    public void FromJson_SomethingElse_IsRefusedInOneLine(string json) =>
        Assert.DoesNotContain('\n', Assert.Throws<NasClusterException>(() => PreparedStage.FromJson(json, _ => _folder.Spec)).Message);

    [Theory]
    [InlineData("\"stage\":\"importance\"", "\"stage\":\"policy_gradient\"")]
    [InlineData("\"stage\":\"importance\"", "\"stage\":\"magic\"")]
    [InlineData("\"best\":null", "\"best\":{\"trial\":0,\"genome\":[1]}")]
    public void FromJson_StageThatIsNotNext_IsRefused(string from, string to)
    {
        var spec = Masks(Composition);
        var json = PreparedStage.NextOf(Prepare(spec))!.ToJson();
        var changed = json.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(json, changed);

        Assert.StartsWith("The prepared stage ", Assert.Throws<NasClusterException>(() => PreparedStage.FromJson(changed, _ => spec)).Message, StringComparison.Ordinal);
        Assert.Equal(json, PreparedStage.FromJson(json, _ => spec).ToJson());
    }

    private static PolicyGradientSpec Gradient(int steps) => new() { Steps = steps, Window = 32, Batch = 2 };

    private static PruningSpec Composition => new()
    {
        Keep = 0.7,
        Importance = ImportanceName.Wifv,
        Spread = SpreadName.Global,
        Sequences = 40,
        PolicyGradient = Gradient(2),
        Score = ScoredState.Repaired,
        Repair = RepairName.Exact,
    };

    private DataSpec Calibrated => _folder.Spec.Data with { CalibrationShare = 0.5, Window = 32 };

    private SearchSpec Masks(PruningSpec pruning) => _folder.Spec with
    {
        Data = Calibrated,
        Space = _folder.Spec.Space with { Kind = SpaceKind.Masks, Depth = [], Mlp = [], Attention = AttentionParts.Groups },
        Algorithm = _folder.Spec.Algorithm with { Name = AlgorithmName.MaskEvolution, Population = 6 },
        Budget = _folder.Spec.Budget with { Evaluations = 12 },
        Pruning = pruning with { Tolerance = 0.1 },
    };

    private static LoadedSearch Load(SearchSpec spec) => LoadedSearch.Load(spec, _ => new CpuEngine(), TimeProvider.System);

    /// <summary>The scores as one process comes to them.</summary>
    private ChannelScores ScoresIn(LoadedSearch search)
    {
        var pruning = search.Plan.Spec.Pruning;
        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        var scores = new ChannelScores(ImportanceStage.Measure(checkpoint, pruning.Importance, search.Calibration(), pruning.Sequences), []);
        if (pruning.PolicyGradient.Steps == 0)
        {
            return scores;
        }

        var (stage, evaluator) = search.OpenPolicyGradient(scores, TimeProvider.System);
        using (evaluator)
        {
            var own = stage.CreateSearch(null);
            while (!own.IsFinished)
            {
                var trials = own.Ask(4);
                var outcomes = evaluator.Evaluate([.. trials.Select(t => ((IArchitectureSpace)stage.Space).CandidateOf(t.Genome))], null, CancellationToken.None);
                foreach (var (trial, outcome) in trials.Zip(outcomes).Reverse())
                {
                    own.Tell(trial.Id, outcome);
                }
            }

            return stage.Refine(own);
        }
    }

    private PreparedSearch Prepare(SearchSpec spec)
    {
        var preparation = SearchPreparation.Prepare(spec, "the specification", SearchFiles.AsWrittenIn(spec), CpuSuperNetwork.Identify);
        foreach (var stream in preparation.OpenStageFiles().Append(preparation.OpenSetFile(SearchPart.Search)!).Append(preparation.OpenSetFile(SearchPart.Report)!))
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Store(copy.ToArray());
        }

        return PreparedSearch.FromJson(preparation.Search.ToJson(), _ => spec);
    }

    /// <summary>The search after all of its stages, each sent to a machine of its own.</summary>
    private PreparedSearch Carried(PreparedSearch search, int threads)
    {
        while (PreparedStage.NextOf(search) is { } stage)
        {
            Assert.Throws<NasClusterException>(() => search.Plan.CreateSearch(null));
            var sent = Sent(stage, search.Spec);
            search = PreparedSearch.FromJson(sent.After(Store(CarryOut(sent, threads))).ToJson(), _ => search.Spec);
        }

        return search.With(_stored[search.Scores!].Span);
    }

    /// <param name="stage">The stage.</param>
    /// <param name="threads">Threads it is carried out with.</param>
    /// <param name="stop">Cancelled once the stage is under way: importance when it begins, a policy gradient after a few masks.</param>
    private StageOutput CarryOut(PreparedStage stage, int threads, CancellationTokenSource? stop = null)
    {
        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        var engine = new CpuEngine(new CpuEngineOptions { Threads = threads });
        using var network = engine.Load(checkpoint);
        var contents = stage.Contents.ToDictionary(hash => hash, hash => _stored[hash]);
        if (stop is null)
        {
            return stage.CarryOut(new StageMachine(checkpoint, network, _gate, engine, TimeProvider.System), contents, CancellationToken.None);
        }

        var left = stage.Stage == SearchStage.Importance ? 0 : 5;
        var dying = new WatchedNetwork(network, CountDown);
        return stage.CarryOut(new StageMachine(checkpoint, dying, _gate, engine, TimeProvider.System), contents, stop.Token);

        void CountDown()
        {
            if (left-- == 0)
            {
                stop.Cancel();
            }
        }
    }

    private static PreparedStage Sent(PreparedStage stage, SearchSpec spec) => PreparedStage.FromJson(stage.ToJson(), _ => spec);

    private static string Text(StageOutput output) => Encoding.UTF8.GetString(output.Scores.AsSpan());

    private string Store(StageOutput output) => Store(output.Scores.AsSpan().ToArray());

    private string Store(byte[] content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        _stored[hash] = content;
        return hash;
    }

    private EvaluationSets Sets(PreparedPart part) => PreparedSearch.ReadSets(part, new MemoryStream(_stored[part.Content].ToArray()));

    private void AssertSameSearch(LoadedSearch here, PreparedSearch there, IEvaluator reference, Func<CpuSuperNetwork, EvaluationSets, IEvaluator> open)
    {
        var trials = here.Plan.CreateSearch(null).Ask(6);
        Assert.NotEmpty(trials);
        Assert.Equal(trials, there.Plan.CreateSearch(null).Ask(6));
        Candidate[] candidates = [.. trials.Select(t => there.Plan.Space.CandidateOf(t.Genome))];
        Assert.Equal(candidates.Select(reference.KeyOf), trials.Select(t => there.KeyOf(t.Genome)));
        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        using var network = new CpuSuperNetwork(checkpoint, new CpuEngineOptions { Threads = 1 });
        using var evaluator = open(network, Sets(there.Search));
        Assert.Equal(reference.Evaluate(candidates, null, CancellationToken.None), evaluator.Evaluate(candidates, null, CancellationToken.None));
        Assert.Equal(candidates.Select(reference.KeyOf), candidates.Select(evaluator.KeyOf));
    }

    private OutcomeRecord[] Outcomes(PreparedSearch search)
    {
        using var checkpoint = LlamaCheckpoints.Open(_folder.Model);
        var engine = new CpuEngine(new CpuEngineOptions { Threads = 1 });
        var basis = search.GatherForRepair(checkpoint, Sets(search.Stages.Calibration!), engine.Cpu, CancellationToken.None);
        using var evaluator = search.OpenRepairing(search.Network, basis, checkpoint, Sets(search.Search), _gate, SearchPart.Search, engine);
        var trials = search.Plan.CreateSearch(null).Ask(6);
        var outcomes = TrialBatch.Evaluate(evaluator, search.Plan.Space, trials, null, CancellationToken.None);
        return [.. trials.Select((trial, i) => new OutcomeRecord(i, trial, search.KeyOf(trial.Genome), outcomes[i], default, default))];
    }

    private static string Timeless(JsonObject record)
    {
        var copy = record.DeepClone().AsObject();
        copy.Remove("seconds");
        return copy.ToJsonString();
    }

    /// <summary>Tells of every look at a network: what it is, which each stage asks first, and each score.</summary>
    private sealed class WatchedNetwork(ISuperNetwork inner, Action asked) : ISuperNetwork
    {
        public SuperNetworkInfo Info
        {
            get
            {
                asked();
                return inner.Info;
            }
        }

        public LogLikelihood[][] Score(IReadOnlyList<Architecture> architectures, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellation)
        {
            asked();
            return inner.Score(architectures, requests, cancellation);
        }

        public void Dispose() => inner.Dispose();
    }
}
