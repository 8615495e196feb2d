using NasCluster.Core.Architectures;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Evaluation;

/// <summary>Computes the identity of evaluations.</summary>
/// <remarks>
/// Version 1. Channel order needs no entry of its own: an architecture's channels count in the order of the weights, which the
/// super-network's fingerprint covers; nor does layer order, because an architecture names the layers it keeps.
/// </remarks>
internal sealed class EvaluationKeys(SuperNetworkInfo info, EvaluatorOptions options, Needs needs)
{
    internal EvaluationKey KeyOf(Architecture architecture)
    {
        using var hash = new CanonicalHash("nascluster evaluation key 1");
        hash.Add(info.Fingerprint).Add(info.Precision).Add(info.NumericsVersion);
        AddValues(hash);
        AddArchitecture(hash, architecture);
        return new EvaluationKey(hash.Finish());
    }

    private void AddValues(CanonicalHash hash)
    {
        hash.Add((long)options.Objectives.Length);
        foreach (var objective in options.Objectives)
        {
            hash.Add(objective.Name);
        }

        hash.Add((long)options.Constraints.Length);
        foreach (var constraint in options.Constraints)
        {
            hash.Add(constraint.Name).Add(constraint.Minimum).Add(constraint.Maximum);
        }

        // Only what the values depend on: a text that no objective reads must not make two equal evaluations differ.
        hash.Add(needs.Text?.Fingerprint ?? "no text").Add((long)needs.Tasks.Length);
        foreach (var task in needs.Tasks)
        {
            hash.Add(task.Name).Add(task.Fingerprint);
        }

        hash.Add(Needed(ObjectiveCatalog.MemoryBytes) ? options.Weights.ToString() : "no weights");
        hash.Add(Needed(ObjectiveCatalog.MacsPerToken) ? options.Context : 0L);
        if (needs.HasMeasured)
        {
            var protocol = options.Measurement;
            hash.Add(info.Device).Add((long)protocol.Batch).Add((long)protocol.Tokens).Add((long)protocol.WarmUp).Add((long)protocol.Repeats);
        }
    }

    private bool Needed(Objective objective) => needs.Values.Contains(objective);

    private static void AddArchitecture(CanonicalHash hash, Architecture architecture)
    {
        // A layer without attention and MLP passes its input on: with and without it, it is one network.
        var layers = architecture.Layers.Where(l => l.KvGroups.Count + l.MlpChannels.Count > 0).ToArray();
        hash.Add((long)layers.Length);
        foreach (var layer in layers)
        {
            hash.Add((long)layer.SourceLayer);
            Add(hash, layer.KvGroups);
            Add(hash, layer.MlpChannels);
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
