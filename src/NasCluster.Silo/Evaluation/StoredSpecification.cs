using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Specification;

namespace NasCluster.Silo.Evaluation;

/// <summary>Specifications as they come from clients: the model is a name, and data are named by their hash.</summary>
internal static class StoredSpecification
{
    private const string HashPrefix = "sha256:";
    private const int HashLength = 64;

    /// <summary>Reads one.</summary>
    /// <exception cref="NasClusterException">It breaks a rule of specifications.</exception>
    public static SearchSpec Read(string text) => SearchSpecReader.Read(text).SpecOrThrow(null);

    /// <summary>The hash that a piece of data is named by.</summary>
    /// <exception cref="NasClusterException">It is named otherwise: paths mean nothing in a cluster, and would lead anywhere.</exception>
    public static string HashOf(string name) =>
        name.StartsWith(HashPrefix, StringComparison.Ordinal) && name[HashPrefix.Length..] is { Length: HashLength } hash && hash.All(char.IsAsciiHexDigitLower)
            ? hash
            : throw new NasClusterException($"Data must be named by '{HashPrefix}' and {HashLength} lower-case hexadecimal digits; 'nasctl search start' stores files and names them so.");

    /// <summary>The hashes of all files of a specification.</summary>
    public static IEnumerable<string> HashesOf(SearchSpec spec) =>
        new[] { spec.Tokenizer, spec.Data.Text, spec.Measurement.Table }.OfType<string>().Concat(spec.Data.Tasks.Select(t => t.Path)).Select(HashOf);
}
