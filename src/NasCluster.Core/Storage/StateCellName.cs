namespace NasCluster.Core.Storage;

/// <summary>The rule for names of cells, the same for every storage.</summary>
public static class StateCellName
{
    /// <summary>The longest a name may be.</summary>
    public const int MaximumLength = 128;

    /// <summary>Refuses what is no name of a cell.</summary>
    /// <param name="name">1 to 128 of the characters <c>a-z 0-9 - .</c>.</param>
    /// <exception cref="ArgumentException">It breaks the rule.</exception>
    public static void ThrowIfInvalid(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaximumLength)
        {
            throw new ArgumentException($"A cell's name has {name.Length} characters; it may have at most {MaximumLength}.", nameof(name));
        }

        foreach (var c in name)
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            {
                throw new ArgumentException("A cell's name may have only a-z, 0-9, '-' and '.'.", nameof(name));
            }
        }
    }
}
