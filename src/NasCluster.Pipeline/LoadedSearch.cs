using System.Collections.Immutable;
using NasCluster.Core;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Tokenizers;

namespace NasCluster.Pipeline;

/// <summary>A search with everything it needs loaded: its plan, the super-network, the data, and evaluators over both parts of the data.</summary>
public sealed class LoadedSearch : IDisposable
{
    private readonly ISuperNetwork _network;

    private LoadedSearch(
        SearchPlan plan, ISuperNetwork network, IEvaluator evaluator, IEvaluator? reportEvaluator, ImmutableSortedDictionary<string, string> provenance)
    {
        Plan = plan;
        _network = network;
        Evaluator = evaluator;
        ReportEvaluator = reportEvaluator;
        Provenance = provenance;
    }

    /// <summary>What is searched and how.</summary>
    public SearchPlan Plan { get; }

    /// <summary>Evaluates on the search part of the data.</summary>
    public IEvaluator Evaluator { get; }

    /// <summary>
    /// Evaluates the scored objectives on the report part, which the search never sees; null when nothing is kept apart or nothing is scored.
    /// </summary>
    public IEvaluator? ReportEvaluator { get; }

    /// <summary>What decides the results besides the specification, by name; see <see cref="ProvenanceNames"/>.</summary>
    public ImmutableSortedDictionary<string, string> Provenance { get; }

    /// <summary>Loads a search.</summary>
    /// <param name="spec">The specification, checked; its paths lead to files.</param>
    /// <param name="createEngine">Makes the engine that holds the super-network; the checkpoint may be disposed of afterwards.</param>
    /// <param name="time">The clock of measurements.</param>
    /// <exception cref="NasClusterException">A file cannot be used, or the specification does not fit the model.</exception>
    public static LoadedSearch Load(SearchSpec spec, Func<LlamaCheckpoint, SearchPlan, ISuperNetwork> createEngine, TimeProvider time)
    {
        using var checkpoint = LlamaCheckpoints.Open(spec.Model);
        var configuration = checkpoint.Configuration;
        var plan = new SearchPlan(spec, configuration);

        // A search over costs alone needs no text, and so no tokenizer.
        var needsTokenizer = spec.Data.Text is not null || !spec.Data.Tasks.IsEmpty;
        var tokenizer = needsTokenizer ? TokenizerFiles.Open(spec.Model, spec.Tokenizer, configuration.VocabularySize) : null;
        var data = tokenizer is null ? new EvaluationData(EvaluationSets.None, null) : EvaluationData.Load(spec, tokenizer, configuration);

        var network = createEngine(checkpoint, plan);
        try
        {
            var gate = new DeviceGate();
            var options = EvaluatorOptions.From(spec, configuration);
            var evaluator = new SuperNetworkEvaluator(network, options, data.Search, gate, time);

            // Costs are no property of the data, and speed measured again would only show the noise: the report is of scores.
            ImmutableArray<Objective> scored = [.. options.Objectives.Where(o => o.Kind == ObjectiveKind.Scored)];
            var reportEvaluator = data.Report is { } report && !scored.IsEmpty
                ? new SuperNetworkEvaluator(network, options with { Objectives = scored, Constraints = [] }, report, gate, time)
                : null;
            return new LoadedSearch(plan, network, evaluator, reportEvaluator, ProvenanceOf(network.Info, tokenizer, data));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Fails unless a run recorded with some provenance would go on with the same results.</summary>
    /// <param name="recorded">The provenance the run was started with.</param>
    /// <exception cref="NasClusterException">Something that decides results has changed; the message says what.</exception>
    public void CheckSameAs(IReadOnlyDictionary<string, string> recorded)
    {
        var changed = Provenance.Where(p => !recorded.TryGetValue(p.Key, out var before) || before != p.Value).Select(p => p.Key)
            .Concat(recorded.Keys.Where(k => ProvenanceNames.Decides(k) && !Provenance.ContainsKey(k)))
            .Where(ProvenanceNames.Decides).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (changed.Length > 0)
        {
            throw new NasClusterException(
                $"The run cannot go on, because what decides its results has changed since it was started: {string.Join(", ", changed)}. "
                + "Put the files back as they were, or start a new run.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Evaluator.Dispose();
        ReportEvaluator?.Dispose();
        _network.Dispose();
    }

    private static ImmutableSortedDictionary<string, string> ProvenanceOf(SuperNetworkInfo info, ITokenizer? tokenizer, EvaluationData data)
    {
        var provenance = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        provenance[ProvenanceNames.ModelFingerprint] = info.Fingerprint;
        provenance[ProvenanceNames.ModelConfiguration] = info.Configuration.ToJson();
        provenance[ProvenanceNames.EnginePrecision] = info.Precision;
        provenance[ProvenanceNames.EngineNumerics] = info.NumericsVersion;
        if (tokenizer is not null)
        {
            provenance[ProvenanceNames.TokenizerFingerprint] = tokenizer.Fingerprint;
        }

        Add("search", data.Search);
        Add("report", data.Report ?? EvaluationSets.None);
        return provenance.ToImmutable();

        void Add(string part, EvaluationSets sets)
        {
            if (sets.Text is { } text)
            {
                provenance[ProvenanceNames.DataFingerprint(part, "text")] = text.Fingerprint;
            }

            foreach (var task in sets.Tasks)
            {
                provenance[ProvenanceNames.DataFingerprint(part, task.Name)] = task.Fingerprint;
                if (task.TruncatedCount > 0)
                {
                    provenance[ProvenanceNames.DataTruncated(part, task.Name)] = $"{task.TruncatedCount} of {task.QuestionCount} questions";
                }
            }
        }
    }
}
