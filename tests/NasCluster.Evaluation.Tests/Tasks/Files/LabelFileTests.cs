using NasCluster.Core;
using NasCluster.Evaluation.Tasks.Definitions;
using NasCluster.Evaluation.Tasks.Files;
using NasCluster.Evaluation.Tasks.Loading;
using NasCluster.Evaluation.Tasks.Markings;
using NasCluster.Evaluation.Tests.Fakes;
using NasCluster.Testing;

namespace NasCluster.Evaluation.Tests.Tasks.Files;

public sealed class LabelFileTests : IDisposable
{
    private const string Rows = "{\"goal\":\"Dry it.\",\"sol1\":\"wet it\",\"sol2\":\"hang it up\"}\n{\"goal\":\"Cut it.\",\"sol1\":\"with a knife\",\"sol2\":\"with tea\"}\n";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("dev.jsonl", false)]
    [InlineData("dev.jsonl", true)]
    [InlineData("dev.derived.jsonl", false)]
    public void Beside_PublishedLabels_AreTaken(string name, bool isNamed)
    {
        var file = _directory.Write(name, Rows);
        _directory.Write("dev-labels.lst", "1\n0\n");

        var documents = new PiqaTask().Read(isNamed ? file : _directory.Root, TaskSplit.Validation, []);

        Assert.Equal([1, 0], documents.Select(d => ((RightChoice)d.Marking).Gold));
    }

    /// <summary>A file that somebody named may hold other rows than the published one.</summary>
    [Fact]
    public void Beside_NamedFileOfOtherName_HasNoLabels()
    {
        var file = _directory.Write("dev.second-half.jsonl", Rows);
        _directory.Write("dev-labels.lst", "1\n0\n");

        var failure = Assert.Throws<NasClusterException>(() => TaskLoader.Load(new TaskRequest("piqa", file), new LetterTokenizer(), 100));
        Assert.Equal($"{file}(1): the row has no label, and there is no file of labels beside it.", failure.Message);
    }

    [Theory]
    [InlineData("1\n", "(2): the file of labels has only 1 lines.")]
    [InlineData("1\n2\n", "dev-labels.lst(2): a label must be a whole number from 0 to 1.")]
    public void Parse_BadLabels_NamesThePlace(string labels, string message)
    {
        _directory.Write("dev.jsonl", Rows);
        _directory.Write("dev-labels.lst", labels);

        var failure = Assert.Throws<NasClusterException>(() => new PiqaTask().Read(_directory.Root, TaskSplit.Validation, []));
        Assert.EndsWith(message, failure.Message, StringComparison.Ordinal);
    }
}
