using System.Text;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>Tokenizers and texts that cannot be used: each is refused before anything is written.</summary>
public sealed class BadInputDataTests : IDisposable
{
    private const string Tokenizer = "model/tokenizer.model";
    private const string Text = "text.txt";

    private static readonly Dictionary<string, (Action<SmallModel> Damage, string[] Says)> Table = new()
    {
        ["tokenizer: absent"] = (m => File.Delete(m.At(Tokenizer)), ["/model: no tokenizer.model inside", "--tokenizer"]),
        ["tokenizer: empty"] = (m => File.WriteAllBytes(m.At(Tokenizer), []), [Tokenizer, "no pieces"]),
        ["tokenizer: no pieces"] = (m => File.WriteAllBytes(m.At(Tokenizer), new ModelFile().Trainer().Normalizer().Bytes()), [Tokenizer, "piece"]),
        ["tokenizer: not a model"] = (m => File.WriteAllText(m.At(Tokenizer), "<html>"), [Tokenizer, "byte"]),
        ["tokenizer: cut short"] = (m => File.WriteAllBytes(m.At(Tokenizer), File.ReadAllBytes(m.At(Tokenizer))[..999]), [Tokenizer, "byte"]),
        ["tokenizer: another vocabulary"] = (m => File.WriteAllBytes(m.At(Tokenizer), ModelFile.Usual().Trainer().Normalizer().Bytes()), [Tokenizer, "259 pieces", "vocabulary is 287"]),
        ["tokenizer: none beside a file"] = (m => Replace(m, []), ["/model: no .model file beside it", "--tokenizer"]),
        ["tokenizer: several beside a file"] = (m => Replace(m, ["a.model", "b.model"]), ["/model: 2 .model files beside it (a.model, b.model)", "--tokenizer"]),
        ["text: absent"] = (m => File.Delete(m.TextPath), [Text, "cannot be read"]),
        ["text: a directory"] = (m => Swap(m, path => Directory.CreateDirectory(path)), [Text, "cannot be read"]),
        ["text: empty"] = (m => File.WriteAllText(m.TextPath, ""), [Text, "empty"]),
        ["text: white space"] = (m => File.WriteAllText(m.TextPath, "\r\n \t\n"), [Text, "empty"]),
        ["text: shorter than a window"] = (m => File.WriteAllText(m.TextPath, "short.\nshort.\n"), [Text, "search part", "tokens", "window of 64"]),
        ["text: report part shorter than a window"] = (m => File.WriteAllText(m.TextPath, new string('a', 500) + "\nb.\n"), [Text, "report part", "tokens", "window of 64"]),
        ["text: a single line"] = (m => File.WriteAllText(m.TextPath, new string('a', 500)), [Text, "single line", "data.search_share"]),
        ["text: not UTF-8"] = (m => File.WriteAllBytes(m.TextPath, [.. "good\n"u8, 0xC3, 0x28, .. Encoding.UTF8.GetBytes(new string('a', 500))]), [Text, "not UTF-8", "byte 5"]),
    };

    private readonly SmallModel _model = new();

    public static TheoryData<string> Cases => [.. Table.Keys];

    public void Dispose() => _model.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Search_BadTokenizerOrText_IsRefusedInOneLine(string name)
    {
        Table[name].Damage(_model);

        var result = Nas.Run(_model.Search("run", 5));

        Refusal.AssertOneLine(result, Refusal.Failure, [_model.Root, .. Table[name].Says]);
        Assert.False(Path.Exists(_model.At("run")));
    }

    [Theory]
    [InlineData("{\"question\":", "questions.jsonl", "1")]
    [InlineData("", "questions.jsonl is empty")]
    public void Search_BadQuestions_IsRefusedInOneLine(string content, params string[] says)
    {
        File.WriteAllText(_model.At("questions.jsonl"), content);

        var result = Nas.Run(_model.Search("run", 5, "--set", $"data.tasks={{arc: {_model.At("questions.jsonl")}}}", "--set", "objectives=[arc, parameters]"));

        Refusal.AssertOneLine(result, Refusal.Failure, [_model.Root, .. says]);
        Assert.False(Path.Exists(_model.At("run")));
    }

    private static void Swap(SmallModel model, Action<string> by)
    {
        File.Delete(model.TextPath);
        by(model.TextPath);
    }

    private static void Replace(SmallModel model, string[] tokenizers)
    {
        Directory.Delete(model.ModelPath, recursive: true);
        File.WriteAllBytes(model.ModelPath, LlamaFile.Zeros());
        foreach (var name in tokenizers)
        {
            File.WriteAllBytes(model.At(name), [1]);
        }
    }
}
