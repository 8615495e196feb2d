using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using Xunit;

namespace NasCluster.Testing;

/// <content>Requests that are scored together, and what they have in common.</content>
public abstract partial class SuperNetworkContract
{
    [ContractFact]
    public void Score_RequestsTogetherReversedOrAlone_AreEqual() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        var requests = Enumerable.Range(0, 9).Select(i => Request(checkpoint.Configuration, random, length: i % 3 == 0 ? 2 : null)).ToArray();
        var together = network.Score([architecture], requests, default)[0];
        AssertEqual(together, [.. network.Score([architecture], [.. requests.Reverse()], default)[0].Reverse()]);
        AssertEqual(together, [.. requests.Select(r => network.Score([architecture], [r], default)[0][0])]);
    });

    [ContractFact]
    public void Score_RequestsThatShareTheirBeginning_EqualThoseAlone() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        // Copies, answers of one token to one question, and questions that begin another, in any order: whatever an engine computes once for several.
        var vocabulary = checkpoint.Configuration.VocabularySize;
        var texts = Enumerable.Range(0, 3).Select(_ => Request(checkpoint.Configuration, random, length: random.Next(3, 80)).TokenIds).ToArray();
        ScoringRequest[] requests = [.. Enumerable.Range(0, 20).Select(_ =>
        {
            var text = texts[random.Next(texts.Length)];
            var context = text[..(random.Next(2) == 0 ? text.Length - 1 : random.Next(1, text.Length))];
            var tokens = context.Add(random.Next(vocabulary));
            return new ScoringRequest(tokens, random.Next(2) == 0 ? tokens.Length - 1 : random.Next(1, tokens.Length), random.Next(2) == 0);
        })];
        AssertEqual([.. requests.Select(r => network.Score([architecture], [r], default)[0][0])], network.Score([architecture], requests, default)[0]);
    });

    [ContractFact]
    public void Score_AnswersBehindCommonPrompts_EqualThoseAlone() => ForEachTrial((checkpoint, network, architecture, random) =>
    {
        // One prompt, three questions behind it, answers of several tokens to each, in any order: an engine may read prompt and questions once.
        var configuration = checkpoint.Configuration;
        var prompt = Request(configuration, random, length: random.Next(1, 50)).TokenIds;
        ScoringRequest[] requests =
        [
            .. Enumerable.Range(0, 3).Select(_ => prompt.AddRange(Request(configuration, random, length: random.Next(2, 30)).TokenIds)).SelectMany(question =>
                Enumerable.Range(0, 4).Select(_ => Request(configuration, random, length: random.Next(2, 12)).TokenIds).Select(answer =>
                    new ScoringRequest(question.AddRange(answer), random.Next(3) == 0 ? random.Next(1, question.Length) : question.Length, perToken: true))),
        ];
        random.Shuffle(requests);
        Architecture[] architectures = [architecture, configuration.FullArchitecture];
        var together = network.Score(architectures, requests, default);
        for (var a = 0; a < architectures.Length; a++)
        {
            AssertEqual([.. requests.Select(r => network.Score([architectures[a]], [r], default)[0][0])], together[a]);
        }
    });

    [ContractFact]
    public void ScoredTokens_AnswersBehindOnePrompt_AreFewerThanAsked()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[2], 12);
        using var network = Load(checkpoint);
        if (network is not ITokenCounting counting)
        {
            return;
        }

        var prompt = Request(checkpoint.Configuration, new Random(12), length: 40).TokenIds;
        ScoringRequest[] requests = [.. Enumerable.Range(0, 4).Select(i => new ScoringRequest(prompt.AddRange(i, 100, 101), 40))];
        Assert.Equal(default, counting.ScoredTokens);
        network.Score([Shapes[2].FullArchitecture], requests, default);
        var first = counting.ScoredTokens;
        Assert.Equal(4 * 42, first.Asked);
        Assert.InRange(first.Computed, 40 + (4 * 2), MostComputed(4, 40, 2));
        network.Score([Shapes[2].FullArchitecture, new Architecture([])], requests[..1], default);
        Assert.Equal(new TokenCounts(84, 84), counting.ScoredTokens.Since(first));
    }

    [ContractFact]
    public void Score_CopiesThatAskForDifferentSpans_EachGetTheirOwn()
    {
        using var checkpoint = RandomCheckpoint.Make(Shapes[2], 6);
        using var network = Load(checkpoint);
        var full = checkpoint.Configuration.FullArchitecture;
        var a = Request(checkpoint.Configuration, new Random(6), length: 40).TokenIds;
        var b = Request(checkpoint.Configuration, new Random(7), length: 33).TokenIds;
        ScoringRequest[] requests =
        [
            new(a, 39), new(b, 32, true), new(a, 10, true), new(b, 5), new(a, 39, true), new(a.SetItem(39, (a[39] + 1) % 400), 39), new(a, 39), new(b, 32, true),
        ];
        var results = network.Score([full], requests, default)[0];
        AssertEqual([.. requests.Select(r => Score(network, full, r))], results);
        Assert.Equal([0, 1, 30, 0, 1, 0, 0, 1], results.Select(r => r.PerToken.Length));
        Assert.NotEqual(results[0].Sum, results[5].Sum);
        AssertEqual(results[2].PerToken[^1..], results[4].PerToken);
    }
}
