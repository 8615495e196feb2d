using System.Text.RegularExpressions;

namespace NasCluster.SmallWorld.Tests.Stories;

/// <summary>Reads a story from its English alone and fails at the first sentence that does not agree with those before it.</summary>
internal sealed class StoryReader
{
    private static readonly HashSet<string> Colours = [.. "red blue green yellow white black".Split(' ')];
    private static readonly HashSet<string> Boys = [.. "Tom Sam Ben Max Dan Jim Leo Tim".Split(' ')];
    private static readonly string[] Numbers =
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".Split(' ');

    private readonly Dictionary<string, string> _owners = [];
    private readonly Dictionary<string, string> _places = [];
    private readonly Dictionary<string, string> _acts = [];
    private readonly Dictionary<string, string> _intents = [];
    private readonly List<(string Upper, string Lower)> _ranks = [];
    private (string Who, string Total) _sum;
    private (string Who, string List)? _said;

    /// <summary>How many sentences of the end could be checked.</summary>
    public int Checked { get; private set; }

    public void Read(string story)
    {
        foreach (var sentence in Regex.Split(story, @"(?<=[.?])\s"))
        {
            Read(sentence[..^1].Replace(",", "", StringComparison.Ordinal).Split(' '));
        }

        Assert.Null(_said);
    }

    private void Read(string[] words)
    {
        switch (words)
        {
            case ["Once", .. var people, "met", "in", "the", var place]:
                Gather(people, place);
                break;
            case ["One", "day", .. var people, "are", "in", "the", var place]:
                Gather(people, place);
                break;
            case ["Today", .. var people, "are", "in", "the", var place]:
                Gather(people, place);
                break;
            case ["Here" or "This", ..] or ["Who" or "Where", ..] or ["Why"]:
                break;
            case ["Now", var who, "has", var count, _] when Numbers.Contains(count):
                Assert.Equal(_sum, (who, count));
                break;
            case ["Now", .. var rest]:
                Read(rest);
                break;
            case [var who, "has", var first, _, "and", var verb, var second]:
                _sum = (who, Numbers[Array.IndexOf(Numbers, first) + ((verb == "gets" ? 1 : -1) * Array.IndexOf(Numbers, second))]);
                break;
            case [var who, "has", "the", var thing]:
                Assert.Equal(_owners[thing], who);
                Checked++;
                break;
            case [var who, "has", "a", .. var what]:
                Assert.True(what.Length == 1 || (what.Length == 2 && Colours.Contains(what[0])));
                _owners.Add(what[^1], who);
                break;
            case [var from, "gives", var to, "the", var thing]:
                HandOver(from, to, thing);
                break;
            case [var to, "takes", "the", var thing, "from", var from]:
                HandOver(from, to, thing);
                break;
            case [var who, "goes", "to", "the", var place]:
                Assert.NotEqual(place, _places.GetValueOrDefault(who));
                _places[who] = place;
                break;
            case [var who, "is", "in", "the", var place]:
                Assert.Equal(_places[who], place);
                Checked++;
                break;
            case [var feeling, "people", var act]:
                _acts.Add(feeling.ToLowerInvariant(), act);
                break;
            case [var who, "is", var feeling, "so", var same, "will", var act]:
                Assert.Equal((who, _acts[feeling]), (same, act));
                break;
            case [var who, "will", var act]:
                _intents[who] = act;
                break;
            case ["Because", var who, "is", var feeling]:
                Assert.Equal(_intents[who], _acts[feeling]);
                break;
            case [var a, "is", var word, "than", var b]:
                _ranks.Add(word[..3] is "tal" or "old" or "fas" or "str" ? (a, b) : (b, a));
                break;
            case [var who, "is", "the", var most]:
                var isTop = most[..3] is "tal" or "old" or "fas" or "str";
                Assert.DoesNotContain(_ranks, r => (isTop ? r.Lower : r.Upper) == who);
                Checked++;
                break;
            case [var who, "said", .. var list]:
                Repeat(who, string.Join(' ', list));
                break;
            case [.., ("himself" or "herself" or "itself" or "themselves") and var pronoun]:
                Reflexive(words, pronoun);
                break;
            default:
                throw new InvalidOperationException(string.Join(' ', words));
        }
    }

    private void Gather(string[] people, string place)
    {
        foreach (var person in people.Where(p => p != "and"))
        {
            _places.Add(person, place);
        }
    }

    private void HandOver(string from, string to, string thing)
    {
        Assert.Equal(_owners[thing], from);
        Assert.NotEqual(from, to);
        _owners[thing] = to;
    }

    // Somebody says three words, and somebody else the same.
    private void Repeat(string who, string list)
    {
        if (_said is { } said)
        {
            Assert.NotEqual(said.Who, who);
            Assert.Equal(said.List, list);
            _said = null;
        }
        else
        {
            _said = (who, list);
        }
    }

    private static void Reflexive(string[] words, string pronoun)
    {
        var subject = words.Contains("that") ? words[Array.IndexOf(words, "that") - 1] : words[0] == "The" ? words[1] : words[0];
        Assert.Equal(pronoun, subject switch
        {
            "boy" or "man" or "king" or "father" or "brother" => "himself",
            "girl" or "woman" or "queen" or "mother" or "sister" => "herself",
            "dog" or "cat" or "pig" or "cow" or "bird" or "bear" => "itself",
            _ when char.IsUpper(subject[0]) => Boys.Contains(subject) ? "himself" : "herself",
            _ => "themselves",
        });
    }
}
