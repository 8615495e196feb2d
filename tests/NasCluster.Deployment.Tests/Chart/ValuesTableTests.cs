using System.Text.RegularExpressions;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Chart;

/// <summary>The guide's table says what values.yaml says.</summary>
public partial class ValuesTableTests
{
    private const string Guide = "helm/nas-cluster/README.md";

    [Fact]
    public void Guide_Table_IsThatOfTheValues()
    {
        var guide = ChartFiles.Read(Guide);
        Assert.Single(Table().Matches(guide));
        var expected = Table().Replace(guide, m => $"{m.Groups["head"].Value}{ValuesTable.Of(ChartFiles.Read("helm/nas-cluster/values.yaml"))}{m.Groups["foot"].Value}");
        GeneratedFile.Matches(Guide, expected);
    }

    [Fact]
    public void Of_Values_AreRowsInTheirOrder() => Assert.Equal(
        """
        | value | default | is |
        |-|-|-|
        | `a.b` | `"x"` | What b is, on two lines. |
        | `a.c` | `{"d":1}` | The whole of c. |
        | `e` | `[]` | A list. |

        """,
        ValuesTable.Of("""
            # Head of the file.

            a:
              # What b is,
              # on two lines.
              b: x
              # The whole of c.
              c:
                d: 1
            # A list.
            e: []
            """));

    [Fact]
    public void Of_ValueWithoutComment_IsRefused() =>
        Assert.Contains("a.b has no comment", Assert.Throws<InvalidDataException>(() => ValuesTable.Of("a:\n  b: 1\n")).Message, StringComparison.Ordinal);

    /// <summary>What people copy from the guide names files and values that are there.</summary>
    [Fact]
    public void Guide_Commands_NameWhatIsThere()
    {
        var guide = ChartFiles.Read(Guide);
        Assert.All(Files().Matches(guide).Select(m => m.Value), path => Assert.True(Path.Exists(ChartFiles.At(path)), path));
        var values = ValuesTable.Of(ChartFiles.Read("helm/nas-cluster/values.yaml"));

        // Commands are one line each, and those that install other charts have other values.
        var lines = guide.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(l => !l.StartsWith("helm install", StringComparison.Ordinal) || l.Contains(" helm/nas-cluster ", StringComparison.Ordinal));
        var set = lines.SelectMany(l => Settings().Matches(l)).SelectMany(m => m.Groups["values"].Value.Split(',')).Where(v => v.Contains('=')).Select(v => v.Split('=')[0]).Distinct().ToList();
        Assert.NotEmpty(set);
        Assert.All(set, value => Assert.Contains($"| `{value}` |", values, StringComparison.Ordinal));
    }

    [GeneratedRegex("(?<head><!-- values -->\n\n).*?(?<foot>\n<!-- end of values -->)", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(@"(?<=[ `(])(helm/nas-cluster|src|k8s)(/[\w.-]*\w)*")]
    private static partial Regex Files();

    [GeneratedRegex(@"--set(-json)? '?(?<values>[\w.]+=[^\s']*)")]
    private static partial Regex Settings();
}
