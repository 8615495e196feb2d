using System.Collections.Immutable;

namespace NasCluster.SmallWorld.Words;

/// <summary>Every word of the small world, in one place: nothing is written that is not made of these.</summary>
/// <remarks>Each word is one token when a space stands before it, or when it begins the text.</remarks>
internal static class Vocabulary
{
    /// <summary>The first word of the prompt, its colon with it.</summary>
    public const string QuestionMark = "Question:";

    /// <summary>What stands between a question and its answer: one token, the line end with it.</summary>
    public const string AnswerMark = "\nAnswer:";

    public static readonly ImmutableArray<string> Boys = Split("Tom Sam Ben Max Dan Jim Leo Tim");
    public static readonly ImmutableArray<string> Girls = Split("Ann Sue Eva Mia Lily Kate Rose Jane");
    public static readonly ImmutableArray<string> Names = [.. Boys, .. Girls];

    /// <summary>What people have. None begins with a vowel, so that "a" fits all.</summary>
    public static readonly ImmutableArray<string> Things =
        Split("ball cup hat book key box bag coin lamp map pen ring rope shoe spoon stone toy drum flag kite bell brush clock doll");

    public static readonly ImmutableArray<string> Animals = Split("dog cat pig cow bird duck frog bear");
    public static readonly ImmutableArray<string> Fruits = Split("pear plum peach lemon");

    /// <summary>Things that are counted, with their plurals.</summary>
    public static readonly ImmutableArray<Noun> Countables =
    [
        new("cup", "cups"), new("hat", "hats"), new("key", "keys"), new("coin", "coins"),
        new("pen", "pens"), new("ring", "rings"), new("stone", "stones"), new("bell", "bells"),
        new("dog", "dogs"), new("cat", "cats"), new("pig", "pigs"), new("duck", "ducks"),
    ];

    public static readonly ImmutableArray<string> Colours = Split("red blue green yellow white black");
    public static readonly ImmutableArray<string> Places = Split("park kitchen garden school shop forest barn castle cave tower tent cellar");
    public static readonly ImmutableArray<string> Feelings = Split("hungry tired sad happy cold angry sick bored");
    public static readonly ImmutableArray<string> Acts = Split("sing dance jump run sleep read swim cry laugh cook walk play");

    /// <summary>Number words; the place is the value.</summary>
    public static readonly ImmutableArray<string> Numbers = Split(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty");

    /// <summary>What people are compared by.</summary>
    public static readonly ImmutableArray<Quality> Qualities =
    [
        new("taller", "tallest", "shorter", "shortest"),
        new("older", "oldest", "younger", "youngest"),
        new("faster", "fastest", "slower", "slowest"),
        new("stronger", "strongest", "weaker", "weakest"),
    ];

    /// <summary>Who or what did something, by the pronoun that goes back to it.</summary>
    public static readonly ImmutableArray<Pronoun> Pronouns =
    [
        new("himself", Split("boy man king father brother")),
        new("herself", Split("girl woman queen mother sister")),
        new("itself", Split("dog cat pig cow bird bear")),
        new("themselves", Split("boys girls men women kings queens dogs cats pigs ducks")),
    ];

    /// <summary>Verbs in the past, whose form tells nothing of who did it.</summary>
    public static readonly ImmutableArray<string> PastVerbs = Split("hurt liked washed helped saw met heard");

    public static readonly ImmutableArray<Bracket> Brackets = [new("(", ")"), new("[", "]"), new("{", "}"), new("<", ">")];

    /// <summary>Words that only hold sentences together.</summary>
    public static readonly ImmutableArray<string> Frame = Split(
        """
        a and animals are Because Count day do does from fruits gets gives goes has have Here How in is like loses many met minus near Near Now now
        of Once One people plus Repeat said second so story takes than that the The This to Today What Where Who Why will
        """);

    public static readonly ImmutableArray<string> Punctuation = [".", ",", "?"];

    /// <summary>Words that begin a document, and so may stand after a line end with no space before them.</summary>
    public static readonly ImmutableArray<string> Starts = [QuestionMark, "One", "Today", "Once", "Here", "This"];

    /// <summary>All words in a fixed order, each once.</summary>
    public static readonly ImmutableArray<string> Words =
    [
        .. new[] { QuestionMark }
            .Concat(Names).Concat(Things).Concat(Animals).Concat(Fruits)
            .Concat(Countables.Select(n => n.Plural)).Concat(Colours).Concat(Places).Concat(Feelings).Concat(Feelings.Select(Capitalised))
            .Concat(Acts).Concat(Numbers).Concat(Qualities.SelectMany(q => q.Words))
            .Concat(Pronouns.Select(p => p.Text)).Concat(Pronouns.SelectMany(p => p.Nouns))
            .Concat(PastVerbs).Concat(Brackets.SelectMany(b => new[] { b.Opening, b.Closing }))
            .Concat(Frame).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>A word as it begins a sentence.</summary>
    public static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static ImmutableArray<string> Split(string words) =>
        [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
