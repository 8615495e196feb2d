using System.Text.RegularExpressions;

namespace NasCluster.SmallWorld.Tests.Questions;

/// <summary>Answers the questions from their English alone, knowing nothing of how they were made.</summary>
internal static class Solver
{
    private const string Closing = ")]}>";
    private static readonly string[] Numbers =
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".Split(' ');

    private static readonly Dictionary<string, string> Plurals = new()
    {
        ["animals"] = "dog cat pig cow bird duck frog bear",
        ["fruits"] = "pear plum peach lemon",
    };

    private static readonly Dictionary<string, string> Pronouns = new()
    {
        ["himself"] = "boy man king father brother",
        ["herself"] = "girl woman queen mother sister",
        ["itself"] = "dog cat pig cow bird bear",
        ["themselves"] = "boys girls men women kings queens dogs cats pigs ducks",
    };

    public static string Answer(string family, string stem) => family switch
    {
        "recall" or "possession" => Owner(stem),
        "place" => Place(stem),
        "agreement" => Pronoun(stem.Split(' ')),
        "ordering" => Ranked(stem),
        "arithmetic" => Sum(stem),
        "copying" => NextWord(stem),
        "brackets" => ClosingBracket(stem),
        "cause" => Cause(stem),
        "counting" => Count(stem),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "No rules for it."),
    };

    private static string[] Sentences(string stem) => Regex.Split(stem, @"(?<=[.?])\s").Select(s => s.TrimEnd('.', '?')).ToArray();

    private static string Owner(string stem)
    {
        var owners = new Dictionary<string, string>();
        foreach (var sentence in Sentences(stem))
        {
            var words = sentence.Split(' ');
            switch (words)
            {
                case ["Who", "has", "the", .. var what]:
                    return owners[string.Join(' ', what)];
                case ["What", "does", var person, "have"]:
                    return owners.Single(o => o.Value == person).Key;
                case [var person, "has", "a", .. var what]:
                    owners.Add(string.Join(' ', what), person);
                    break;
                case [var from, "gives", var to, "the", var what]:
                    Assert.Equal(from, owners[what]);
                    owners[what] = to;
                    break;
                case [var to, "takes", "the", var what, "from", var from]:
                    Assert.Equal(from, owners[what]);
                    owners[what] = to;
                    break;
                default:
                    throw new InvalidOperationException(sentence);
            }
        }

        throw new InvalidOperationException(stem);
    }

    private static string Place(string stem)
    {
        var places = new Dictionary<string, string>();
        var carriers = new Dictionary<string, string>();
        foreach (var sentence in Sentences(stem))
        {
            switch (sentence.Split(' '))
            {
                case [var person, "goes", "to", "the", var place]:
                    places[person] = place;
                    break;
                case [var person, "is", "in", "the", var place]:
                    places.Add(person, place);
                    break;
                case [var person, "has", "a", var thing]:
                    carriers.Add(thing, person);
                    break;
                case ["Where", "is", "the", var thing]:
                    return places[carriers[thing]];
                case ["Where", "is", var person]:
                    return places[person];
                default:
                    throw new InvalidOperationException(sentence);
            }
        }

        throw new InvalidOperationException(stem);
    }

    // The subject of the last verb: a clause that begins with "that" and a noun of its own has two verbs behind it.
    private static string Pronoun(string[] words)
    {
        var nouns = Pronouns.SelectMany(p => p.Value.Split(' ').Select(n => (n, p.Key))).ToDictionary();
        string? subject = null;
        var outer = new Stack<string>();
        for (var i = 0; i < words.Length - 1; i++)
        {
            var word = words[i];
            if (nouns.ContainsKey(word))
            {
                // A noun behind "near" only says where; one behind a verb only counts if a clause about it follows.
                var isNear = i >= 2 && words[i - 2] is "near" or "Near";
                var opensClause = words[i + 1] == "that" || (i >= 2 && words[i - 2] == "that" && words[i - 3] != "said");
                if (!isNear && (subject is null || opensClause || (i >= 3 && words[i - 3] == "said")))
                {
                    if (i >= 2 && words[i - 2] == "that" && words[i - 3] != "said")
                    {
                        outer.Push(subject!);
                    }
                    else if (subject is not null && words[i + 1] == "that")
                    {
                        outer.Clear();
                    }

                    subject = word;
                }
            }
            else if (word is not ("The" or "the" or "near" or "Near" or "that" or "said") && outer.Count > 0)
            {
                subject = outer.Pop();
            }
        }

        return nouns[subject!];
    }

    private static string Ranked(string stem)
    {
        var above = new List<(string Upper, string Lower)>();
        foreach (var sentence in Sentences(stem))
        {
            switch (sentence.Split(' '))
            {
                case ["Who", "is", "the", .. var asked]:
                    var people = above.SelectMany(p => new[] { p.Upper, p.Lower }).Distinct().ToArray();
                    var order = people.OrderByDescending(person => Below(above, person)).ToArray();
                    Assert.Equal(Enumerable.Range(0, people.Length).Reverse(), order.Select(person => Below(above, person)));
                    order = IsUpward(asked[^1]) ? order : [.. order.Reverse()];
                    return asked.Length == 2 ? order[1] : order[0];
                case [var a, "is", var word, "than", var b]:
                    above.Add(IsUpward(word) ? (a, b) : (b, a));
                    break;
                default:
                    throw new InvalidOperationException(sentence);
            }
        }

        throw new InvalidOperationException(stem);
    }

    private static bool IsUpward(string word) => word[..3] is "tal" or "old" or "fas" or "str";

    private static int Below(List<(string Upper, string Lower)> above, string person)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([person]);
        while (open.TryPop(out var next))
        {
            foreach (var (_, lower) in above.Where(p => p.Upper == next && reached.Add(p.Lower)))
            {
                open.Push(lower);
            }
        }

        return reached.Count;
    }

    private static string Sum(string stem)
    {
        var total = 0;
        var sign = 1;
        foreach (Match match in Regex.Matches(stem, @"[a-z]+"))
        {
            sign = match.Value switch { "plus" or "gets" => 1, "minus" or "loses" => -1, _ => sign };
            total += sign * Math.Max(0, Array.IndexOf(Numbers, match.Value));
        }

        return Numbers[total];
    }

    private static string NextWord(string stem)
    {
        var parts = stem.Split('.');
        var list = parts[0].Split(' ')[1..];
        var said = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(said, list[..said.Length]);
        return list[said.Length];
    }

    private static string ClosingBracket(string stem)
    {
        var open = new Stack<char>();
        foreach (var c in stem.Where(c => c != ' '))
        {
            if (Closing.Contains(c))
            {
                Assert.Equal(c, open.Pop());
            }
            else
            {
                open.Push(Closing["([{<".IndexOf(c)]);
            }
        }

        return open.Peek().ToString();
    }

    private static string Cause(string stem)
    {
        var acts = new Dictionary<string, string>();
        var feelings = new Dictionary<string, string>();
        var does = new Dictionary<string, string>();
        foreach (var sentence in Sentences(stem))
        {
            switch (sentence.Split(' '))
            {
                case [var feeling, "people", var act]:
                    acts.Add(feeling.ToLowerInvariant(), act);
                    break;
                case ["What", "will", var person, "do"]:
                    return acts[feelings[person]];
                case [var person, "will", var act]:
                    does.Add(person, act);
                    break;
                case ["Why"]:
                    break;
                case ["Because", var person, "is"]:
                    return acts.Single(a => a.Value == does[person]).Key;
                case [var person, "is", "like", var other]:
                    feelings.Add(person, feelings[other]);
                    break;
                case [var person, "is", var feeling]:
                    feelings.Add(person, feeling);
                    break;
                default:
                    throw new InvalidOperationException(sentence);
            }
        }

        throw new InvalidOperationException(stem);
    }

    private static string Count(string stem)
    {
        var match = Regex.Match(stem, @"^Count (.+)\. How many (\w+)\?$");
        var plural = match.Groups[2].Value;
        var counted = Plurals.GetValueOrDefault(plural, plural[..^1]).Split(' ');
        return Numbers[match.Groups[1].Value.Split(' ').Count(counted.Contains)];
    }
}
