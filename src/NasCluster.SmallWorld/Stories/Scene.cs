using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Words;

namespace NasCluster.SmallWorld.Stories;

/// <summary>What is so in a story at the moment, and what has been told of it.</summary>
internal sealed class Scene
{
    private readonly List<string> _sentences = [];

    public Scene(IRandomSource random)
    {
        Random = random;
        People = random.Sample(Vocabulary.Names, random.NextBetween(2, 3));
        Quality = random.Pick(Vocabulary.Qualities);
        Ranking = random.Sample(People, People.Length);
    }

    public IRandomSource Random { get; }

    public string[] People { get; }

    /// <summary>Where each is; those not told of are missing.</summary>
    public Dictionary<string, string> Places { get; } = [];

    /// <summary>Each thing told of, with who has it, in the order of telling.</summary>
    public List<(string Thing, string Holder)> Things { get; } = [];

    /// <summary>What people do who feel so.</summary>
    public List<(string Feeling, string Act)> Rules { get; } = [];

    /// <summary>Who has been told to feel something; once is enough.</summary>
    public HashSet<string> Feeling { get; } = [];

    /// <summary>The scale on which this story compares.</summary>
    public Quality Quality { get; }

    /// <summary>The people from the top of the scale down.</summary>
    public string[] Ranking { get; }

    /// <summary>How many neighbours in the ranking have been told.</summary>
    public int Compared { get; set; }

    /// <summary>Tokens told so far.</summary>
    public int TokenCount { get; private set; }

    /// <summary>The story so far.</summary>
    public string Text => string.Join(' ', _sentences);

    public void Tell(string sentences)
    {
        _sentences.Add(sentences);
        TokenCount += TokenCounter.Count(sentences);
    }

    /// <summary>One of the people, other than another.</summary>
    public string Other(string person) => Random.Pick([.. People.Where(p => p != person)]);
}
