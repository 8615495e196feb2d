using System.Globalization;
using System.Text;

namespace NasCluster.Tokenizers.ByteLevel;

/// <summary>A text in which every character is one char, so that a pattern of .NET sees whole characters.</summary>
/// <remarks>
/// .NET matches halves of surrogate pairs, which are in no category of letters; the patterns were made for engines that match code points. Here a
/// character outside the first plane is replaced by one of the same category within it.
/// </remarks>
internal readonly struct CodePointText
{
    private static readonly char[] OfCategory = Representatives();
    private readonly int[]? _places;

    /// <param name="text">Well-formed.</param>
    public CodePointText(string text)
    {
        Chars = text;
        if (text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            var chars = new StringBuilder(text.Length);
            var places = new List<int>(text.Length + 1);
            var place = 0;
            foreach (var rune in text.EnumerateRunes())
            {
                chars.Append(rune.IsBmp ? (char)rune.Value : OfCategory[(int)Rune.GetUnicodeCategory(rune)]);
                places.Add(place);
                place += rune.Utf16SequenceLength;
            }

            places.Add(place);
            (Chars, _places) = (chars.ToString(), [.. places]);
        }
    }

    /// <summary>The text to match.</summary>
    public string Chars { get; }

    /// <summary>Where in the original a place of <see cref="Chars"/> is.</summary>
    public int PlaceOf(int index) => _places is null ? index : _places[index];

    private static char[] Representatives()
    {
        var found = new char[(int)UnicodeCategory.OtherNotAssigned + 1];

        // Not Latin-1, whose characters patterns name.
        for (var c = char.MaxValue; c > '\u00ff'; c--)
        {
            found[(int)char.GetUnicodeCategory(c)] = c;
        }

        return found;
    }
}
