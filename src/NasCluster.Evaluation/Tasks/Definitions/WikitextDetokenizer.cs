using System.Text.RegularExpressions;

namespace NasCluster.Evaluation.Tasks.Definitions;

/// <summary>Makes running text of WikiText's tokens: what the evaluation harness (version 0.4.9.2) replaces, in its order.</summary>
internal static partial class WikitextDetokenizer
{
    // White space as Python's expressions have it.
    private const string Space = @"[\s\x1c-\x1f]*";

    private static readonly (string From, string To)[] BeforePairs =
    [
        (" @-@ ", "-"), (" @,@ ", ","), (" @.@ ", "."),
        (" : ", ": "), (" ; ", "; "), (" . ", ". "), (" ! ", "! "), (" ? ", "? "), (" , ", ", "),
    ];

    private static readonly (string From, string To)[] AfterPairs =
    [
        ("= = = =", "===="), ("= = =", "==="), ("= =", "=="), (" \u00b0 ", "\u00b0"), (" \n", "\n"), ("\n ", "\n"), (" N ", " 1 "), (" 's", "'s"),
    ];

    internal static string Run(string text)
    {
        // The replacement is literal, brackets included: so the harness has it, and so every published figure was made.
        text = SlashedQuote().Replace(text.Replace("s '", "s'", StringComparison.Ordinal), "/'[0-9]/");
        text = Replace(text, BeforePairs);
        text = Round().Replace(text, "($1)");
        text = Square().Replace(text, "[$1]");
        text = Curly().Replace(text, "{$1}");
        text = Double().Replace(text, "\"$1\"");
        text = Single().Replace(text, "'$1'");
        return Replace(text, AfterPairs);
    }

    private static string Replace(string text, (string From, string To)[] pairs) =>
        pairs.Aggregate(text, (t, pair) => t.Replace(pair.From, pair.To, StringComparison.Ordinal));

    [GeneratedRegex("/' [0-9]/")]
    private static partial Regex SlashedQuote();

    [GeneratedRegex(@"\(" + Space + @"([^)]*?)" + Space + @"\)")]
    private static partial Regex Round();

    [GeneratedRegex(@"\[" + Space + @"([^\]]*?)" + Space + @"\]")]
    private static partial Regex Square();

    [GeneratedRegex(@"\{" + Space + @"([^}]*?)" + Space + @"\}")]
    private static partial Regex Curly();

    [GeneratedRegex("\"" + Space + "([^\"]*?)" + Space + "\"")]
    private static partial Regex Double();

    [GeneratedRegex("'" + Space + "([^']*?)" + Space + "'")]
    private static partial Regex Single();
}
