using System.Collections.Immutable;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Pipeline.Prepared;

/// <summary>The data of a search, tokenised.</summary>
/// <param name="Sets">Both parts.</param>
/// <param name="TokenizerFingerprint">What made the ids; null when nothing is scored on.</param>
internal sealed record SearchData(EvaluationData Sets, string? TokenizerFingerprint)
{
    internal static SearchData Read(SearchSpec spec, LlamaConfiguration configuration, SearchFiles files)
    {
        // A search over costs alone needs no text, and so no tokenizer.
        if (spec.Data.Text is null && spec.Data.Tasks.IsEmpty)
        {
            return new SearchData(new EvaluationData(EvaluationSets.None, null), null);
        }

        var tokenizer = files.OpenTokenizer(files, configuration.VocabularySize);
        return new SearchData(EvaluationData.Load(spec, tokenizer, configuration, files.Resolve), tokenizer.Fingerprint);
    }

    /// <summary>What is recorded about where the results come from; see <see cref="ProvenanceNames"/>.</summary>
    internal ImmutableSortedDictionary<string, string> ProvenanceOn(SuperNetworkInfo network, LatencyTable? table)
    {
        var provenance = SearchProvenance.Deciding(network, Sets.Search.Identity, Sets.Report?.Identity).ToBuilder();
        if (TokenizerFingerprint is not null)
        {
            provenance[ProvenanceNames.TokenizerFingerprint] = TokenizerFingerprint;
        }

        if (table is not null)
        {
            provenance[ProvenanceNames.LatencyTable] = table.Fingerprint;
        }

        AddTruncated(SearchPart.Search, Sets.Search);
        AddTruncated(SearchPart.Report, Sets.Report ?? EvaluationSets.None);
        return provenance.ToImmutable();

        void AddTruncated(SearchPart part, EvaluationSets sets)
        {
            foreach (var task in sets.Tasks.Where(t => t.TruncatedCount > 0))
            {
                provenance[ProvenanceNames.DataTruncated(SearchProvenance.NameOf(part), task.Name)] = $"{task.TruncatedCount} of {task.QuestionCount} questions";
            }

            foreach (var task in sets.HarnessTasks.Where(t => t.Sets.Any(s => s.TruncatedCount > 0)))
            {
                provenance[ProvenanceNames.DataTruncated(SearchProvenance.NameOf(part), task.Name)] =
                    $"{task.Sets.Sum(s => s.TruncatedCount)} of {task.Sets.Sum(s => s.Documents.Length)} questions";
            }

            foreach (var task in sets.HarnessTasks.Where(t => t.Sets.Any(s => !s.Warnings.IsEmpty)))
            {
                provenance[ProvenanceNames.DataWarnings(SearchProvenance.NameOf(part), task.Name)] = string.Join(' ', task.Sets.SelectMany(s => s.Warnings));
            }
        }
    }
}
