namespace NasCluster.Repository.Tests;

public class ReferenceRulesTests
{
    [Fact]
    public void SourceProjects_References_FollowTheDesign() =>
        Assert.Empty(ProjectFile.All.Where(p => p.IsSource).SelectMany(ReferenceRules.Problems));

    [Fact]
    public void SourceProjects_Found_IncludeThePortableOnes()
    {
        var portable = ReferenceRules.Source.Where(r => !r.Value.IsCluster).Select(r => ReferenceRules.Prefix + r.Key);
        Assert.Superset(portable.ToHashSet(), ProjectFile.All.Where(p => p.IsSource).Select(p => p.Name).ToHashSet());
    }

    [Fact]
    public void SourceProjects_Folder_IsNamedAfterTheProject() =>
        Assert.All(ProjectFile.All.Where(p => p.IsSource), p => Assert.Equal($"src/{p.Name}/{p.Name}.csproj", p.Path));

    /// <summary>What a project sees through those it references counts too: a client that reaches Torch needs gigabytes of it.</summary>
    [Theory]
    [InlineData("Client", new[] { "Grains", "Llama", "Torch" })]
    [InlineData("Contracts", new[] { "Llama", "Pipeline", "Torch" })]
    [InlineData("Grains", new[] { "Llama", "Pipeline", "Torch" })]
    [InlineData("Reporting", new[] { "Llama", "Embedded", "Specification" })]
    [InlineData("Specification", new[] { "Llama", "Reporting" })]
    public void Rules_Transitively_KeepApart(string from, string[] apart)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var name))
        {
            foreach (var next in ReferenceRules.Source[name].Projects.Where(reached.Add))
            {
                open.Push(next);
            }
        }

        Assert.Empty(reached.Intersect(apart));
    }

    [Fact]
    public void PortableRules_Projects_AreNeverClusterOnes() =>
        Assert.All(
            ReferenceRules.Source.Where(r => !r.Value.IsCluster),
            r => Assert.All(r.Value.Projects, name => Assert.False(ReferenceRules.Source[name].IsCluster, $"{r.Key} -> {name}")));

    [Theory]
    [InlineData("Microsoft.Orleans.Sdk")]
    [InlineData("TorchSharp-cpu")]
    [InlineData("TorchSharp-cuda-linux")]
    [InlineData("Microsoft.ML.Tokenizers")]
    public void PortableRules_NativeAndClusterPackages_AreRefused(string package)
    {
        foreach (var (name, _) in ReferenceRules.Source.Where(r => !r.Value.IsCluster))
        {
            Assert.NotEmpty(ReferenceRules.Problems(Project(name, $"""<PackageReference Include="{package}" />""")));
        }
    }

    [Theory]
    [InlineData("Core", """<PackageReference Include="MathNet.Numerics.Providers.MKL" />""")]
    [InlineData("Core", """<ProjectReference Include="..\NasCluster.Llama\NasCluster.Llama.csproj" />""")]
    [InlineData("Client", """<ProjectReference Include="../NasCluster.Grains/NasCluster.Grains.csproj" />""")]
    [InlineData("Silo", """<PackageReference Include="TorchSharp-cpu" />""")]
    [InlineData("Grains", """<ProjectReference Include="../NasCluster.Torch/NasCluster.Torch.csproj" />""")]
    [InlineData("Local", """<ProjectReference Include="../NasCluster.Torch/NasCluster.Torch.csproj" />""")]
    [InlineData("Contracts", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")]
    [InlineData("Surprise", "")]
    public void Problems_ForbiddenReference_IsOneLine(string name, string item) =>
        Assert.Contains($"NasCluster.{name}.csproj", Assert.Single(ReferenceRules.Problems(Project(name, item))));

    [Theory]
    [InlineData("Torch", """<PackageReference Include="TorchSharp-cpu" />""")]
    [InlineData("Silo", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")]
    [InlineData("Local", """<ProjectReference Condition="'$(Configuration)' == 'Cluster'" Include="../NasCluster.Torch/NasCluster.Torch.csproj" />""")]
    public void Problems_AllowedReference_AreNone(string name, string item) => Assert.Empty(ReferenceRules.Problems(Project(name, item)));

    [Fact]
    public void TestsProjects_References_ReachTheirSubjectAndNoOtherLayer()
    {
        var problems =
            from project in ProjectFile.All
            where project.Name.EndsWith(".Tests", StringComparison.Ordinal) && !ReferenceRules.IsCluster(project)
            let subject = project.Name[..^".Tests".Length]
            from problem in TestsProblems(project, subject)
            select $"{project.Path}: {problem}";
        Assert.Empty(problems);
    }

    [Fact]
    public void SourceProjects_Each_HasATestsProject()
    {
        var tests = ProjectFile.All.Select(p => p.Path).ToHashSet();

        // Cluster hosts are thin and tested together, on a cluster of several silos in one process.
        var missing = ProjectFile.All
            .Where(p => p.IsSource && !tests.Contains($"tests/{p.Name}.Tests/{p.Name}.Tests.csproj"))
            .Where(p => !ReferenceRules.IsCluster(p) || !tests.Contains("tests/NasCluster.Cluster.Tests/NasCluster.Cluster.Tests.csproj"));
        Assert.Empty(missing.Select(p => p.Path));
    }

    [Fact]
    public void SourceFiles_TorchNamespace_OnlyInTorch() => Assert.Empty(
        from path in RepositoryFiles.Tracked
        where path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
        where !path.StartsWith("src/NasCluster.Torch/", StringComparison.Ordinal)
        where CSharpText.WithoutComments(RepositoryFiles.Read(path)).Contains("TorchSharp", StringComparison.Ordinal)
        select path);

    private static IEnumerable<string> TestsProblems(ProjectFile project, string subject)
    {
        var isAboutOneProject = ProjectFile.All.Any(p => p.IsSource && p.Name == subject);
        if (isAboutOneProject && project.ProjectReferences.All(r => r.Name != subject))
        {
            yield return $"must reference {subject}";
        }

        // A layer a subject cannot see has no business in its tests, and would hide a missing rule.
        var rule = isAboutOneProject ? ReferenceRules.Source[subject[ReferenceRules.Prefix.Length..]] : null;
        foreach (var reference in project.ProjectReferences.Where(r => !r.IsClusterOnly && r.Name != subject && r.Name != "NasCluster.Testing"))
        {
            if (rule is null || !rule.Projects.Contains(reference.Name[ReferenceRules.Prefix.Length..]))
            {
                yield return $"must not reference {reference.Name}";
            }
        }
    }

    private static ProjectFile Project(string name, string item) => ProjectFile.Parse(
        $"src/NasCluster.{name}/NasCluster.{name}.csproj",
        $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{item}</ItemGroup></Project>""");
}
