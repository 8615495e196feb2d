using System.Collections.Immutable;
using System.Security.Cryptography;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation;
using NasCluster.Evaluation.Texts;
using NasCluster.Llama.Checkpoints;

namespace NasCluster.Pipeline.Prepared;

/// <summary>Prepares a search once, where its model and data are, so that it can be controlled and evaluated elsewhere.</summary>
public sealed class SearchPreparation
{
    private readonly byte[] _searchFile;
    private readonly byte[]? _reportFile;
    private readonly ImmutableArray<byte[]> _stageFiles;

    private SearchPreparation(PreparedSearch search, byte[] searchFile, byte[]? reportFile, ImmutableArray<byte[]> stageFiles)
    {
        Search = search;
        _searchFile = searchFile;
        _reportFile = reportFile;
        _stageFiles = stageFiles;
    }

    /// <summary>The search. It needs the set files to be stored under the hashes it names.</summary>
    public PreparedSearch Search { get; }

    /// <summary>Prepares a search for a super-network that is known, such as one that an engine holds already.</summary>
    /// <param name="spec">The specification, checked.</param>
    /// <param name="specification">The same as the host's text.</param>
    /// <param name="network">The super-network, as every evaluator will hold it.</param>
    /// <param name="files">Where tokenizer and data lie.</param>
    /// <exception cref="NasClusterException">A file cannot be used, or the specification does not fit the model or cannot be searched.</exception>
    public static SearchPreparation Prepare(SearchSpec spec, string specification, SuperNetworkInfo network, SearchFiles files)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(files);

        // Before the data are read, which may take long.
        var table = SpecifiedTable.Read(spec, network.Configuration, files.Resolve);
        var plan = new SearchPlan(spec, network.Configuration, table: table);
        if (!plan.NeedsScores)
        {
            plan.CreateSearch(null);
        }

        var data = SearchData.Read(spec, network.Configuration, files);
        var searchFile = EvaluationSetFile.ToBytes(data.Sets.Search);
        var reportFile = data.Sets.Report is { } report ? EvaluationSetFile.ToBytes(report) : null;
        var stageFiles = ImmutableArray.CreateBuilder<byte[]>();
        var stages = new StageInputs(
            StageSequence.Calibrates(spec) ? OfText(CalibrationPart.OfData(spec, network.Configuration, files)) : null,
            spec.Pruning.PolicyGradient.Steps > 0 ? OfText(CalibrationPart.OfPolicyGradient(spec, network.Configuration, files)) : null,
            []);
        var search = new PreparedSearch(
            spec, specification, network, PartOf(searchFile, data.Sets.Search), reportFile is null ? null : PartOf(reportFile, data.Sets.Report!),
            data.ProvenanceOn(network, table), stages, table: table);
        return new SearchPreparation(search, searchFile, reportFile, stageFiles.ToImmutable());

        PreparedPart OfText(TextSet text)
        {
            var sets = new EvaluationSets(text, []);
            var file = EvaluationSetFile.ToBytes(sets);
            stageFiles.Add(file);
            return PartOf(file, sets);
        }
    }

    /// <summary>Prepares a search for a super-network on disk.</summary>
    /// <param name="spec">The specification, checked.</param>
    /// <param name="specification">The same as the host's text.</param>
    /// <param name="files">Where model, tokenizer and data lie.</param>
    /// <param name="identify">What the engine will be that evaluators hold the checkpoint in.</param>
    /// <exception cref="NasClusterException">A file cannot be used, or the specification does not fit the model or cannot be searched.</exception>
    public static SearchPreparation Prepare(SearchSpec spec, string specification, SearchFiles files, Func<LlamaCheckpoint, SuperNetworkInfo> identify)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(identify);
        SuperNetworkInfo network;
        using (var checkpoint = LlamaCheckpoints.Open(files.Model))
        {
            network = identify(checkpoint);
        }

        return Prepare(spec, specification, network, files);
    }

    /// <summary>A part's set file, to be stored; its hash is <see cref="PreparedPart.Content"/>.</summary>
    /// <param name="part">Which part.</param>
    /// <returns>A seekable stream at its start; null when there is no such part.</returns>
    public Stream? OpenSetFile(SearchPart part) =>
        (part == SearchPart.Search ? _searchFile : _reportFile) is { } file ? new MemoryStream(file, writable: false) : null;

    /// <summary>The set files of the stages, to be stored; their hashes are in <see cref="PreparedSearch.Stages"/>.</summary>
    /// <returns>Seekable streams at their start.</returns>
    public IEnumerable<Stream> OpenStageFiles() => _stageFiles.Select(file => new MemoryStream(file, writable: false));

    private static PreparedPart PartOf(byte[] file, EvaluationSets sets) => new(Convert.ToHexStringLower(SHA256.HashData(file)), sets.Identity);
}
