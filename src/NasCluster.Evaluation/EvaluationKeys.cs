using NasCluster.Core;
using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements;

namespace NasCluster.Evaluation;

/// <summary>Computes the identity of evaluations from descriptions alone: neither weights nor token ids are needed.</summary>
/// <remarks>
/// Version 1, the same wherever it is computed: a controller that holds no network and the evaluator that holds one agree.
/// Channel order needs no entry of its own: an architecture's channels count in the order of the weights, which the
/// super-network's fingerprint covers; nor does layer order, because an architecture names the layers it keeps.
/// </remarks>
public sealed class EvaluationKeys : IEvaluationKeys
{
    private readonly SuperNetworkInfo _info;
    private readonly EvaluatorOptions _options;
    private readonly Needs _needs;

    /// <summary>Makes the keys of one super-network, one choice of objectives and one choice of data.</summary>
    /// <param name="info">The super-network and how its engine computes.</param>
    /// <param name="options">What is evaluated.</param>
    /// <param name="sets">What is scored on.</param>
    /// <exception cref="NasClusterException">An objective or a constraint needs a set that is not there.</exception>
    public EvaluationKeys(SuperNetworkInfo info, EvaluatorOptions options, EvaluationSetsIdentity sets)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sets);
        _info = info;
        _options = options;
        _needs = new Needs(options, sets);
    }

    /// <summary>Whether the device is part of the keys, because something is measured on it.</summary>
    public bool DependOnDevice => _needs.HasMeasured && _options.Table is null;

    /// <inheritdoc/>
    public EvaluationKey KeyOf(Candidate candidate)
    {
        using var hash = new CanonicalHash("nascluster evaluation key 1");
        hash.Add(_info.Fingerprint).Add(_info.Precision).Add(_info.NumericsVersion);
        AddValues(hash);
        AddArchitecture(hash, candidate.Architecture);
        if (_options.Treatment is { } treatment)
        {
            hash.Add("treatment").Add(treatment);
        }

        if (candidate.Batch is { } batch)
        {
            hash.Add("batch").Add((long)(_options.BatchWindows ?? 0)).Add((long)batch);
        }

        return new EvaluationKey(hash.Finish());
    }

    private void AddValues(CanonicalHash hash)
    {
        hash.Add((long)_options.Objectives.Length);
        foreach (var objective in _options.Objectives)
        {
            hash.Add(objective.Name);
        }

        hash.Add((long)_options.Constraints.Length);
        foreach (var constraint in _options.Constraints)
        {
            hash.Add(constraint.Name).Add(constraint.Minimum).Add(constraint.Maximum);
        }

        // Only what the values depend on: a text that no objective reads must not make two equal evaluations differ.
        hash.Add(_needs.Text ?? "no text").Add((long)_needs.Tasks.Length);
        foreach (var task in _needs.Tasks)
        {
            hash.Add(task.Name).Add(task.Fingerprint);
        }

        hash.Add(Needed(ObjectiveCatalog.MemoryBytes) ? _options.Weights.ToString() : "no weights");
        hash.Add(Needed(ObjectiveCatalog.MacsPerToken) ? _options.Context : 0L);
        AddSpeed(hash, _options.Measurement);
        if (Needed(ObjectiveCatalog.KvCacheBytes))
        {
            hash.Add("kv cache").Add(_options.Weights.ToString()).Add(_options.Context).Add((long)_options.Measurement.Batch);
        }
    }

    private void AddSpeed(CanonicalHash hash, MeasurementProtocol protocol)
    {
        if (!_needs.HasMeasured)
        {
            return;
        }

        if (_options.Table is { } table)
        {
            hash.Add("latency table").Add(table.Fingerprint).Add((long)protocol.Batch).Add((long)protocol.Tokens);
        }
        else
        {
            hash.Add(_info.Device).Add((long)protocol.Batch).Add((long)protocol.Tokens).Add((long)protocol.WarmUp).Add((long)protocol.Repeats);
        }

        if (_needs.HasDecodingSpeed)
        {
            hash.Add("new tokens").Add((long)protocol.NewTokens);
        }
    }

    private bool Needed(Objective objective) => _needs.Values.Contains(objective);

    /// <summary>Adds an architecture so that equal networks give equal hashes.</summary>
    internal static void AddArchitecture(CanonicalHash hash, Architecture architecture)
    {
        // A layer without attention and MLP passes its input on: with and without it, it is one network.
        var layers = architecture.Layers.Where(l => l.KvGroups.Count + l.MlpChannels.Count > 0).ToArray();
        hash.Add((long)layers.Length);
        foreach (var layer in layers)
        {
            hash.Add((long)layer.SourceLayer);
            Add(hash, layer.KvGroups);
            Add(hash, layer.MlpChannels);
            if (layer.HeadPairs is { } pairs)
            {
                // Only where some are left out, so that keys from before there was such a choice stay; a text, which no layer begins with.
                Add(hash.Add("head pairs"), pairs);
            }
        }
    }

    private static void Add(CanonicalHash hash, ChannelSelection selection)
    {
        if (selection.IsLeading)
        {
            hash.Add((long)selection.Count);
            return;
        }

        var indices = new int[selection.Count];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = selection[i];
        }

        hash.Add(indices);
    }
}
