using System.Collections.Immutable;
using System.Text;

namespace NasCluster.Core.Specification;

/// <summary>Enumeration members as a specification writes them: <c>SteadyState</c> is <c>steady_state</c>.</summary>
public static class Words
{
    /// <summary>The word of a member.</summary>
    public static string Of<T>(T member)
        where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (var letter in member.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>The words of all members, in their order.</summary>
    public static ImmutableArray<string> All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    /// <summary>The member a word stands for.</summary>
    /// <exception cref="ArgumentException">None.</exception>
    public static T Parse<T>(string word)
        where T : struct, Enum
    {
        foreach (var member in Enum.GetValues<T>())
        {
            if (Of(member) == word)
            {
                return member;
            }
        }

        throw new ArgumentException($"'{word}' is none of {string.Join(", ", All<T>())}.", nameof(word));
    }
}
