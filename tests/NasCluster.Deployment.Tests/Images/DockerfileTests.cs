using System.Text.RegularExpressions;
using NasCluster.Deployment.Tests.Rendering;

namespace NasCluster.Deployment.Tests.Images;

/// <summary>What can be said of images without building them.</summary>
public partial class DockerfileTests
{
    public static TheoryData<string, string> Dockerfiles => new() { { "Silo", "nas-silo" }, { "Client", "nasctl" }, { "Local", "nas" } };

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Image_Program_IsTheOneThatIsPublished(string project, string program)
    {
        var text = Dockerfile(project);
        Assert.Contains($"<AssemblyName>{program}</AssemblyName>", ChartFiles.Read($"src/NasCluster.{project}/NasCluster.{project}.csproj"), StringComparison.Ordinal);
        Assert.Contains($"publish.sh src/NasCluster.{project} /app ", text, StringComparison.Ordinal);
        Assert.EndsWith($"ENTRYPOINT [\"/app/{program}\"]\n", text, StringComparison.Ordinal);
    }

    /// <summary>The chart runs pods as the user of the images.</summary>
    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Image_User_IsTheCharts(string project, string program)
    {
        Assert.Equal("USER 1654:1654", Assert.Single(Instructions(project), i => i.StartsWith("USER ", StringComparison.Ordinal)));
        Assert.Contains("runAsUser: 1654\n", ChartFiles.Read("helm/nas-cluster/templates/_pods.tpl"), StringComparison.Ordinal);
        Assert.Contains($"title=\"{program}\"", Dockerfile(project), StringComparison.Ordinal);
    }

    /// <summary>Everything is of a version, and every stage that is named is there.</summary>
    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Image_Stages_HavePinnedBases(string project, string program)
    {
        Assert.NotEmpty(program);
        var stages = Stage().Matches(Dockerfile(project)).Select(m => (From: m.Groups["from"].Value, Name: m.Groups["name"].Value)).ToList();
        Assert.Equal("final", stages[^1].Name);
        var arguments = Argument().Matches(Dockerfile(project)).Select(m => m.Groups["name"].Value).ToHashSet();
        Assert.All(stages, stage =>
        {
            Assert.DoesNotContain(":latest", stage.From, StringComparison.Ordinal);
            Assert.All(Variable().Matches(stage.From).Select(m => m.Groups["name"].Value), name => Assert.Contains(name, arguments));
            Assert.True(stage.From.Contains(':', StringComparison.Ordinal) || stage.From == "base-${BASE}", stage.From);
        });
        Assert.All(CopyFrom().Matches(Dockerfile(project)).Select(m => m.Groups["name"].Value), name => Assert.Contains(stages, s => s.Name == name));
        Assert.All(
            ["org.opencontainers.image.title", "org.opencontainers.image.description", "org.opencontainers.image.version", "org.opencontainers.image.revision"],
            label => Assert.Contains(label, Dockerfile(project), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("Local")]
    public void Image_Bases_AreForProcessorsAndForGpus(string project)
    {
        var names = Stage().Matches(Dockerfile(project)).Select(m => m.Groups["name"].Value).ToList();
        Assert.Superset(new HashSet<string> { "base-cpu", "base-cuda" }, names.ToHashSet());
        Assert.Contains("ARG BASE=cpu\n", Dockerfile(project), StringComparison.Ordinal);
    }

    /// <summary>The silo answers for its health itself, and listens where the chart thinks it does.</summary>
    [Fact]
    public void SiloImage_Health_IsAskedByTheSilo()
    {
        Assert.Contains("CMD [\"/app/nas-silo\", \"--health\"]", Dockerfile("Silo"), StringComparison.Ordinal);
        Assert.Contains("Switch = \"--health\"", ChartFiles.Read("src/NasCluster.Silo/Health/HealthQuestion.cs"), StringComparison.Ordinal);
        Assert.Contains("EXPOSE 11111 30000 8080\n", Dockerfile("Silo"), StringComparison.Ordinal);
    }

    /// <summary>What MSBuild reads at the root must be let into the build.</summary>
    [Fact]
    public void BuildContext_RootFiles_AreAllThatTheBuildReads()
    {
        var admitted = ChartFiles.Read(".dockerignore").Split('\n').Where(l => l.StartsWith('!')).Select(l => l[1..]).Order(StringComparer.Ordinal);
        var read = Directory.EnumerateFiles(ChartFiles.At(".")).Select(f => Path.GetFileName(f)).Where(f => Path.GetExtension(f) is ".props" or ".targets" || f == "global.json");
        Assert.Equal(read.Append("src").Order(StringComparer.Ordinal), admitted);
    }

    private static string Dockerfile(string project) => ChartFiles.Read($"src/NasCluster.{project}/Dockerfile");

    private static IEnumerable<string> Instructions(string project) => Dockerfile(project).Split('\n');

    [GeneratedRegex(@"^FROM (--platform=\S+ )?(?<from>\S+) AS (?<name>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Stage();

    [GeneratedRegex(@"^ARG (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Argument();

    [GeneratedRegex(@"\$\{(?<name>\w+)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^COPY --from=(?<name>\S+)", RegexOptions.Multiline)]
    private static partial Regex CopyFrom();
}
