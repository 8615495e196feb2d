using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NasCluster.Cluster.Tests.Hosting;
using NasCluster.Core.Control;
using NasCluster.Core.Storage.Runs;
using NasCluster.Embedded.Hosting;
using NasCluster.Evaluation;
using NasCluster.Llama.Cpu;
using NasCluster.Llama.Engines;
using NasCluster.Local;
using NasCluster.Pipeline;
using NasCluster.Reporting.Fronts;
using NasCluster.Specification;
using NasCluster.Testing;

namespace NasCluster.Cluster.Tests.EndToEnd;

/// <summary>The quick search of the shipped super-network in this process: what a cluster must find too.</summary>
internal static class EmbeddedSearch
{
    private static readonly ConcurrentDictionary<string, Lazy<JsonObject>> Found = new();

    /// <summary>Fails unless a front is the same: every trial, genome, value and standard error, and the hypervolume's history.</summary>
    /// <param name="json">The front.</param>
    /// <param name="settings">Keys that the search was started with besides <see cref="ShippedSearch.Quick"/>, as <c>KEY=VALUE</c>.</param>
    public static void AssertSame(string json, params string[] settings) =>
        AssertSame(json, Found.GetOrAdd(string.Join(' ', settings), _ => new Lazy<JsonObject>(() => Run(OneThread, settings))).Value);

    /// <summary>Fails unless a front is the one that another engine finds here.</summary>
    public static void AssertSame(string json, ILlamaEngine engine) => AssertSame(json, Run(engine, []));

    /// <summary>Fails unless the front is the same; in which order its points were found may differ.</summary>
    /// <param name="front">The front.</param>
    /// <param name="settings">As in the other.</param>
    public static void AssertSameFront(JsonObject front, params string[] settings)
    {
        var expected = Found.GetOrAdd(string.Join(' ', settings), _ => new Lazy<JsonObject>(() => Run(OneThread, settings))).Value;
        Assert.NotEmpty(expected["front"]!.AsArray());
        Assert.Equal(SearchPart(expected["front"]), SearchPart(front["front"]));
    }

    private static CpuEngine OneThread => new(new CpuEngineOptions { Threads = 1 });

    private static void AssertSame(string json, JsonObject expected)
    {
        var front = JsonNode.Parse(json)!.AsObject();
        Assert.NotEmpty(expected["front"]!.AsArray());
        foreach (var key in (string[])["seed", "budget", "evaluations", "objectives", "hypervolume", "reference_point", "hypervolume_history", "front", "others"])
        {
            Assert.Equal((key, SearchPart(expected[key])), (key, SearchPart(front[key])));
        }
    }

    /// <summary>Tokens that one evaluation of the quick search scores.</summary>
    public static long TokensPerEvaluation()
    {
        using var search = Load(OneThread, []);
        return ((SuperNetworkEvaluator)search.Evaluator).ScoredTokens;
    }

    /// <summary>Without the values on the report part, which this process does not take.</summary>
    private static string? SearchPart(JsonNode? node)
    {
        var copy = node?.DeepClone();
        foreach (var row in (copy as JsonArray ?? []).OfType<JsonObject>())
        {
            row.Remove("report_values");
        }

        return copy?.ToJsonString();
    }

    private static LoadedSearch Load(ILlamaEngine engine, string[] settings)
    {
        var overrides = ShippedSearch.Quick.Concat(settings).Select(s => s.Split('=')).Select(s => new SpecOverride(s[0], s[1], $"--set {s[0]}")).ToArray();
        var file = ShippedSearch.File;
        var spec = SpecPaths.Resolve(SearchSpecReader.ReadFile(file, overrides).SpecOrThrow(file), file, new HashSet<string>());
        return LoadedSearch.Load(spec, _ => engine, TimeProvider.System);
    }

    private static JsonObject Run(ILlamaEngine engine, string[] settings)
    {
        using var search = Load(engine, settings);
        var store = new CellRunStore(new MemoryStateCells(), "embedded");
        var host = new EmbeddedHost(
            new SearchJob(search.Plan.Space, search.Plan.CreateSearch, search.Evaluator),
            store, new NobodyWatches(), new EmbeddedHostOptions { WorkerCount = 1, BatchSize = 4 }, TimeProvider.System);
        Assert.Equal(FinishReason.Completed, host.Run(CancellationToken.None));

        var report = new RecordedSearch(
            "small-world", search.Plan.Space, search.Plan.WholeGenome, search.Plan.Objectives, search.Plan.EvaluationCount, (ulong)search.Plan.Spec.Seed,
            store.RecoverAsync(default).AsTask().GetAwaiter().GetResult().Outcomes,
            [.. store.ReadHypervolumeAsync(default).AsTask().GetAwaiter().GetResult()], []).ToReport();
        var text = new StringWriter();
        FrontWriter.Write(report, FrontFormat.Json, text, new FrontWriterOptions { AllTrials = true });
        return JsonNode.Parse(text.ToString())!.AsObject();
    }

    private sealed class NobodyWatches : ISearchObserver
    {
        public void Started(IReadOnlyList<OutcomeRecord> recorded)
        {
        }

        public void OutcomesRecorded(ImmutableArray<OutcomeRecord> outcomes)
        {
        }

        public void HypervolumeChanged(Core.Control.HypervolumePoint point)
        {
        }

        public void Predicted(IReadOnlyList<Core.Prediction.PredictorFit> fits)
        {
        }

        public void Notice(string message)
        {
        }

        public void Finished(FinishReason reason)
        {
        }
    }
}
