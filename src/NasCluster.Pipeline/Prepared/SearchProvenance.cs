using System.Collections.Immutable;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;

namespace NasCluster.Pipeline.Prepared;

/// <summary>What is recorded of the super-network and the sets, by name.</summary>
internal static class SearchProvenance
{
    /// <summary>What a part is called in names and messages.</summary>
    internal static string NameOf(SearchPart part) => part == SearchPart.Search ? "search" : "report";

    /// <summary>What follows from the super-network and the sets alone.</summary>
    internal static ImmutableSortedDictionary<string, string> Deciding(
        SuperNetworkInfo network, EvaluationSetsIdentity search, EvaluationSetsIdentity? report)
    {
        var provenance = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        provenance[ProvenanceNames.ModelFingerprint] = network.Fingerprint;
        provenance[ProvenanceNames.ModelConfiguration] = network.Configuration.ToJson();
        provenance[ProvenanceNames.EnginePrecision] = network.Precision;
        provenance[ProvenanceNames.EngineNumerics] = network.NumericsVersion;
        Add(SearchPart.Search, search);
        Add(SearchPart.Report, report);
        return provenance.ToImmutable();

        void Add(SearchPart part, EvaluationSetsIdentity? sets)
        {
            var name = NameOf(part);
            if (sets?.Text is { } text)
            {
                provenance[ProvenanceNames.DataFingerprint(name, "text")] = text;
            }

            foreach (var task in sets?.Tasks ?? [])
            {
                provenance[ProvenanceNames.DataFingerprint(name, task.Name)] = task.Fingerprint;
            }
        }
    }
}
