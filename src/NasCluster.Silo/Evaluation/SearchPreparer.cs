using NasCluster.Core.Storage;
using NasCluster.Core.Storage.Contents;
using NasCluster.Grains.Data;
using NasCluster.Llama.Tokenizers;
using NasCluster.Pipeline.Prepared;
using NasCluster.Tokenizers;

namespace NasCluster.Silo.Evaluation;

/// <inheritdoc cref="ISearchPreparer"/>
internal sealed class SearchPreparer(SuperNetworkLibrary networks, IContentStore contents, ContentCache cache) : ISearchPreparer
{
    public async ValueTask<string> PrepareAsync(string specification, CancellationToken cancellation)
    {
        var spec = StoredSpecification.Read(specification);
        using var model = await networks.FindAsync(spec.Model, cancellation);
        var leases = new List<ContentLease>();
        try
        {
            var paths = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var hash in StoredSpecification.HashesOf(spec).Distinct(StringComparer.Ordinal))
            {
                var lease = await cache.GetAsync(hash, contents, cancellation);
                leases.Add(lease);
                paths.Add(hash, lease.Path);
            }

            var preparation = SearchPreparation.Prepare(
                spec, specification, networks.Identify(model.Path),
                new SearchFiles(model.Path, spec.Tokenizer is { } file ? paths[StoredSpecification.HashOf(file)] : null, name => paths[StoredSpecification.HashOf(name)])
                {
                    OpenTokenizer = (files, vocabulary) => TokenizerFiles.OpenWith(MlTokenizers.Open, files.Model, files.Tokenizer, vocabulary),
                });
            foreach (var setFile in Enum.GetValues<SearchPart>().Select(preparation.OpenSetFile).OfType<Stream>().Concat(preparation.OpenStageFiles()))
            {
                await using var _ = setFile;
                await contents.PutAsync(setFile, cancellation);
            }

            return PreparedRun.Of(preparation.Search).ToJson();
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    public async ValueTask<string> IdentifyAsync(string hash, CancellationToken cancellation)
    {
        using var model = await networks.FetchAsync(hash, cancellation);
        return networks.Identify(model.Path).Fingerprint;
    }
}
