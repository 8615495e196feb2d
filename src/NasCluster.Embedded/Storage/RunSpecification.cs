using System.Collections.Immutable;

namespace NasCluster.Embedded.Storage;

/// <summary>What a run is a run of: written once when it is created, never changed.</summary>
/// <param name="Yaml">The search specification as the user wrote it, with comments.</param>
/// <param name="Canonical">The same in canonical YAML, with every default filled in and full paths; what a resumed run is built from.</param>
/// <param name="Provenance">
/// What else decides the results, by name: fingerprints of the model, tokenizer and data, the program's version, and the paths
/// they were found under.
/// </param>
public sealed record RunSpecification(string Yaml, string Canonical, ImmutableSortedDictionary<string, string> Provenance)
{
    /// <inheritdoc/>
    public bool Equals(RunSpecification? other) =>
        other is not null && Yaml == other.Yaml && Canonical == other.Canonical && Provenance.SequenceEqual(other.Provenance);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Yaml, Canonical, Provenance.Count);
}
