using System.Text.Json;
using NasCluster.Evaluation.Tasks;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Scoring;
using NasCluster.Evaluation.Tests.Fakes;

namespace NasCluster.Evaluation.Tests.Tasks.Golden;

/// <summary>Clean-up and token sequences of random texts, against the evaluation harness's own functions, version 0.4.9.2.</summary>
/// <remarks>
/// The texts are drawn from the pieces that the functions look for, the sequences made by the tokenizer that <see cref="LetterTokenizer"/>
/// is. The harness's <c>_encode_pair</c>, <c>get_rolling_token_windows</c> and <c>make_disjoint_window</c> gave the sequences.
/// </remarks>
public sealed class HarnessSequenceTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    [Fact]
    public void CleanUp_RandomTexts_GivesTheHarnessesTexts()
    {
        var rows = Lines("texts.jsonl").Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(180, rows.Length);
        Assert.All(rows, row =>
        {
            var text = row[1].GetString()!;
            switch (row[0].GetString())
            {
                case "wikitext":
                    Assert.Equal(row[2].GetString(), WikitextDetokenizer.Run(text));
                    break;
                case "hellaswag":
                    Assert.Equal(row[2].GetString(), HellaSwagTask.CleanUp(text));
                    break;
                default:
                    Assert.Equal(row[2].GetInt32(), PythonText.CountWords(text));
                    break;
            }
        });
    }

    [Fact]
    public void Encode_RandomPassages_GivesTheHarnessesSequences()
    {
        var rows = Lines("sequences.jsonl").Select(l => JsonSerializer.Deserialize<Pair>(l, Options)!).ToArray();
        Assert.Contains(rows, r => r.Truncated);
        Assert.Contains(rows, r => r.Context.Length == 0);
        Assert.All(rows, row =>
        {
            var encoder = new PassageEncoder(new LetterTokenizer(joinsSpaces: true), row.Window, row.Mark);
            var (request, isTruncated, _) = encoder.Encode(new TaskPassage(row.Context, row.Continuation), "row");
            Assert.Equal(row.Tokens, request.TokenIds.ToArray());
            Assert.Equal((row.First, row.Truncated), (request.FirstScored, isTruncated));
        });
    }

    [Fact]
    public void EncodeWhole_RandomTexts_GivesTheHarnessesWindows()
    {
        var rows = Lines("windows.jsonl").Select(l => JsonSerializer.Deserialize<Whole>(l, Options)!).ToArray();
        Assert.Contains(rows, r => r.Sequences.Length > 2);
        Assert.All(rows, row =>
        {
            var requests = new PassageEncoder(new LetterTokenizer(joinsSpaces: true), row.Window, row.Mark).EncodeWhole(row.Text, "row");
            Assert.Equal(row.Sequences.Select(s => s.Tokens), requests.Select(r => r.TokenIds.ToArray()));
            Assert.Equal(row.Sequences.Select(s => s.First), requests.Select(r => r.FirstScored));
        });
    }

    private static IEnumerable<string> Lines(string name) => File.ReadLines(Path.Combine(GoldenTask.Folder, name));

    private sealed record Pair(string Context, string Continuation, bool Mark, int Window, int[] Tokens, int First, bool Truncated);

    private sealed record Whole(string Text, bool Mark, int Window, Sequence[] Sequences);

    private sealed record Sequence(int[] Tokens, int First);
}
