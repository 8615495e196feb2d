using System.Text.RegularExpressions;

namespace NasCluster.Repository.Tests;

public partial class ReadmeTests
{
    private static readonly string Readme = RepositoryFiles.Read("README.md").ReplaceLineEndings("\n");

    [Fact]
    public void TestCommand_InReadme_IsWhatCiRuns()
    {
        var command = Command("test-command");
        Assert.Equal("dotnet test NasCluster.sln -c Release", command);
        Assert.Equal(command, RepositoryFiles.Run("bash", ".ci/run", "--test-command").TrimEnd('\n'));
        Assert.DoesNotContain(command, RepositoryFiles.Read(".ci/run"), StringComparison.Ordinal);
    }

    [Fact]
    public void FirstCommand_InReadme_RunsTheSearchOfAProjectThatExists()
    {
        var command = Command("first-command");
        var project = ProjectArgument().Match(command).Groups["project"].Value;
        Assert.True(File.Exists(RepositoryFiles.FullPath($"{project}/{Path.GetFileName(project)}.csproj")), $"No project at '{project}'.");
        Assert.StartsWith("dotnet run -c Release ", command, StringComparison.Ordinal);
        Assert.EndsWith(" -- search", command, StringComparison.Ordinal);
    }

    /// <summary>The one command in the fenced block directly after a marker comment.</summary>
    private static string Command(string marker)
    {
        var match = Regex.Match(Readme, $"^<!-- {marker} -->\n```\\w*\n(?<command>[^`]*?)\n```$", RegexOptions.Multiline);
        Assert.True(match.Success, $"README.md has no fenced block directly after <!-- {marker} -->.");
        return match.Groups["command"].Value;
    }

    [GeneratedRegex(@"--project (?<project>\S+)")]
    private static partial Regex ProjectArgument();
}
