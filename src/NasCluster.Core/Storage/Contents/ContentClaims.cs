using System.Text.RegularExpressions;

namespace NasCluster.Core.Storage.Contents;

/// <summary>What searches refer to among stored contents.</summary>
public static partial class ContentClaims
{
    /// <summary>Every SHA-256 that a text names, whatever it means there: to keep a content too many does no harm.</summary>
    /// <param name="text">Such as a specification, or a prepared search.</param>
    public static IEnumerable<string> HashesIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Hashes().Matches(text).Select(match => match.Value);
    }

    /// <summary>Refuses to delete what a search that may still go on needs.</summary>
    /// <param name="name">What is to be deleted.</param>
    /// <param name="meaning">What it is known by in the texts of searches: hashes of its contents, and its fingerprint.</param>
    /// <param name="searches">The searches.</param>
    /// <exception cref="NasClusterException">One may go on, and needs it; the message says which.</exception>
    public static void ThrowIfNeeded(string name, IReadOnlySet<string> meaning, IEnumerable<SearchClaim> searches)
    {
        ArgumentNullException.ThrowIfNull(meaning);
        if (searches.FirstOrDefault(search => search.MayGoOn && search.Texts.SelectMany(HashesIn).Any(meaning.Contains)) is { } needs)
        {
            throw new NasClusterException($"'{name}' is needed by the search '{needs.Search}', which is {needs.State}. Let it complete, or delete it first.");
        }
    }

    [GeneratedRegex("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")]
    private static partial Regex Hashes();
}

/// <summary>A search, as far as contents are concerned.</summary>
/// <param name="Search">Its name.</param>
/// <param name="State">Where it stands, in a word.</param>
/// <param name="MayGoOn">Whether it goes on, or may be resumed.</param>
/// <param name="Texts">All that says what it works on.</param>
public sealed record SearchClaim(string Search, string State, bool MayGoOn, IReadOnlyList<string> Texts);
