using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;

namespace NasCluster.Pipeline.Prepared;

/// <summary>What is recorded of the super-network and the sets, by name.</summary>
internal static class SearchProvenance
{
    internal const string SearchPart = "search";
    internal const string ReportPart = "report";

    /// <summary>What follows from the super-network and the sets alone.</summary>
    internal static ImmutableSortedDictionary<string, string> Deciding(
        SuperNetworkInfo network, EvaluationSetsIdentity search, EvaluationSetsIdentity? report)
    {
        var provenance = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        provenance[ProvenanceNames.ModelFingerprint] = network.Fingerprint;
        provenance[ProvenanceNames.ModelConfiguration] = network.Configuration.ToJson();
        provenance[ProvenanceNames.EnginePrecision] = network.Precision;
        provenance[ProvenanceNames.EngineNumerics] = network.NumericsVersion;
        Add(SearchPart, search);
        Add(ReportPart, report);
        return provenance.ToImmutable();

        void Add(string part, EvaluationSetsIdentity? sets)
        {
            if (sets?.Text is { } text)
            {
                provenance[ProvenanceNames.DataFingerprint(part, "text")] = text;
            }

            foreach (var task in sets?.Tasks ?? [])
            {
                provenance[ProvenanceNames.DataFingerprint(part, task.Name)] = task.Fingerprint;
            }
        }
    }
}
