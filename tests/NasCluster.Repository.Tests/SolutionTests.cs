using System.Xml.Linq;

namespace NasCluster.Repository.Tests;

public class SolutionTests
{
    private static readonly SolutionFile Solution = SolutionFile.Load();

    [Fact]
    public void Solution_Projects_AreExactlyTheTrackedOnes() =>
        Assert.Equal(ProjectFile.All.Select(p => p.Path), Solution.ProjectIds.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Solution_EveryProject_IsMappedInEveryConfiguration() => Assert.All(
        from project in ProjectFile.All from configuration in SolutionFile.Configurations select (project, configuration),
        pair => Assert.Equal((pair.project.Path, pair.configuration), (pair.project.Path, Solution.ActiveConfiguration(pair.project.Path, pair.configuration))));

    /// <summary>Debug and Release must build where neither Orleans nor TorchSharp can be restored.</summary>
    [Fact]
    public void Solution_Builds_ClusterProjectsOnlyUnderCluster() => Assert.All(
        from project in ProjectFile.All from configuration in SolutionFile.Configurations select (project, configuration),
        pair => Assert.Equal(
            (pair.project.Path, pair.configuration, Builds: pair.configuration == "Cluster" || !ReferenceRules.IsCluster(pair.project)),
            (pair.project.Path, pair.configuration, Builds: Solution.Builds(pair.project.Path, pair.configuration))));

    [Fact]
    public void Projects_PackageVersions_AreCentral() =>
        Assert.Empty(ProjectFile.All.SelectMany(p => p.PackageReferences.Where(r => r.HasVersion).Select(r => $"{p.Path}: {r.Name}")));

    [Fact]
    public void Projects_Packages_AreListedCentrally()
    {
        var central = XDocument.Parse(RepositoryFiles.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(e => (string)e.Attribute("Include")!).ToHashSet();
        Assert.Empty(ProjectFile.All.SelectMany(p => p.PackageReferences.Where(r => !central.Contains(r.Name)).Select(r => $"{p.Path}: {r.Name}")));
    }

    [Fact]
    public void BuildFiles_WarningsAsErrors_AreNotWeakened()
    {
        string[] weakening = ["TreatWarningsAsErrors", "WarningsNotAsErrors", "MSBuildTreatWarningsAsErrors", "CodeAnalysisTreatWarningsAsErrors", "NoWarn", "WarningLevel", "AnalysisLevel", "Nullable"];
        var elsewhere =
            from path in RepositoryFiles.Tracked
            where path != "Directory.Build.props"
            where Path.GetExtension(path) is ".csproj" or ".props" or ".targets"
            from element in XDocument.Parse(RepositoryFiles.Read(path)).Descendants()
            where weakening.Contains(element.Name.LocalName)
            select $"{path}: {element.Name.LocalName}";
        Assert.Empty(elsewhere);

        var root = XDocument.Parse(RepositoryFiles.Read("Directory.Build.props"));
        Assert.Equal("true", Assert.Single(root.Descendants("TreatWarningsAsErrors")).Value);
        Assert.Equal("enable", Assert.Single(root.Descendants("Nullable")).Value);
        Assert.Equal(
            "$(WarningsNotAsErrors);NU1603;NU1900;NU1901;NU1902;NU1903;NU1904",
            Assert.Single(root.Descendants("WarningsNotAsErrors")).Value);
    }

    [Fact]
    public void Parse_ClusterProject_BuildsUnderClusterOnly()
    {
        const string id = "{00000000-0000-0000-0000-00000000000A}";
        var solution = SolutionFile.Parse(
            $$"""
            Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "NasCluster.Silo", "src\NasCluster.Silo\NasCluster.Silo.csproj", "{{id}}"
            EndProject
                {{id}}.Release|Any CPU.ActiveCfg = Release|Any CPU
                {{id}}.Cluster|Any CPU.ActiveCfg = Cluster|Any CPU
                {{id}}.Cluster|Any CPU.Build.0 = Cluster|Any CPU
            """);
        const string path = "src/NasCluster.Silo/NasCluster.Silo.csproj";
        Assert.Null(solution.ActiveConfiguration(path, "Debug"));
        Assert.Equal("Release", solution.ActiveConfiguration(path, "Release"));
        Assert.False(solution.Builds(path, "Release"));
        Assert.True(solution.Builds(path, "Cluster"));
    }
}
