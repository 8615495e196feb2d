using System.Text.RegularExpressions;

namespace NasCluster.Repository.Tests;

/// <summary>What one source project may reference.</summary>
/// <param name="Projects">Source projects, without the <c>NasCluster.</c> prefix.</param>
/// <param name="Packages">Package names; <c>*</c> stands for any ending.</param>
/// <param name="IsCluster">Whether only the Cluster configuration builds it.</param>
internal sealed record ReferenceRule(string[] Projects, string[] Packages, bool IsCluster = false)
{
    /// <summary>Source projects allowed only under a condition on the Cluster configuration.</summary>
    public string[] ClusterProjects { get; init; } = [];

    /// <summary>Whether it may reference ASP.NET Core's shared framework.</summary>
    public bool MayServeHttp { get; init; }
}

/// <summary>Who may reference whom: the layering of the design, as data, and the check of one project against it.</summary>
/// <remarks>Works on project files alone, so it also holds for projects whose packages cannot be restored here.</remarks>
internal static class ReferenceRules
{
    public const string Prefix = "NasCluster.";

    public static IReadOnlyDictionary<string, ReferenceRule> Source { get; } = new Dictionary<string, ReferenceRule>
    {
        ["Core"] = new([], ["MathNet.Numerics"]),
        ["Specification"] = new(["Core"], ["YamlDotNet"]),
        ["Llama"] = new(["Core"], ["System.Numerics.Tensors"]),
        ["Evaluation"] = new(["Core", "Llama"], []),
        ["Pipeline"] = new(["Core", "Llama", "Evaluation"], []),
        ["Reporting"] = new(["Core"], ["Spectre.Console"]),
        ["Embedded"] = new(["Core", "Pipeline"], ["Microsoft.Data.Sqlite", "SQLitePCLRaw.*", "OpenTelemetry*"]),
        ["SmallWorld"] = new(["Core", "Llama"], []),
        ["Local"] = new(["Embedded", "Specification", "Reporting", "SmallWorld"], ["System.CommandLine", "OpenTelemetry*"])
        {
            ClusterProjects = ["Torch", "Tokenizers"],
        },
        ["Torch"] = new(["Core", "Llama"], ["TorchSharp*", "libtorch-cpu-*"], IsCluster: true),
        ["Tokenizers"] = new(["Core"], ["Microsoft.ML.Tokenizers*"], IsCluster: true),
        ["Contracts"] = new(["Core"], ["Microsoft.Orleans.Sdk"], IsCluster: true),
        ["Grains"] = new(["Contracts"], ["Microsoft.Orleans.*", "Microsoft.Extensions.*"], IsCluster: true),
        ["Silo"] = new(
            ["Grains", "Pipeline", "Specification", "Torch", "Tokenizers"],
            ["Microsoft.Orleans.*", "Microsoft.Extensions.*", "OpenTelemetry*", "Azure.*", "Npgsql"],
            IsCluster: true)
        {
            MayServeHttp = true,
        },
        ["Client"] = new(
            ["Contracts", "Specification", "Reporting"],
            ["Microsoft.Orleans.*", "Microsoft.Extensions.*", "System.CommandLine", "OpenTelemetry*", "Azure.*", "Npgsql"],
            IsCluster: true),
    };

    /// <summary>Tests projects that are not named after one source project and that only Cluster builds.</summary>
    public static IReadOnlySet<string> ClusterTests { get; } = new HashSet<string> { "Cluster.Tests", "Cluster.Testing", "Cluster.Benchmarks" };

    /// <summary>Everything a source project's file does that its rule forbids.</summary>
    public static IEnumerable<string> Problems(ProjectFile project)
    {
        if (!project.Name.StartsWith(Prefix, StringComparison.Ordinal) || !Source.TryGetValue(project.Name[Prefix.Length..], out var rule))
        {
            yield return $"{project.Path}: no reference rule names it; the design comes first.";
            yield break;
        }

        foreach (var reference in project.ProjectReferences)
        {
            var name = reference.Name.StartsWith(Prefix, StringComparison.Ordinal) ? reference.Name[Prefix.Length..] : reference.Name;
            if (rule.ClusterProjects.Contains(name) && !reference.IsClusterOnly)
            {
                yield return $"{project.Path}: references {reference.Name} without the condition '$(Configuration)' == 'Cluster'.";
            }
            else if (!rule.ClusterProjects.Contains(name) && !rule.Projects.Contains(name))
            {
                yield return $"{project.Path}: must not reference {reference.Name}.";
            }
        }

        foreach (var package in project.PackageReferences.Where(package => !rule.Packages.Any(pattern => Matches(pattern, package.Name))))
        {
            yield return $"{project.Path}: must not use the package {package.Name}.";
        }

        foreach (var framework in project.FrameworkReferences.Where(_ => !rule.MayServeHttp))
        {
            yield return $"{project.Path}: must not use the framework {framework.Name}.";
        }

        if (!rule.MayServeHttp && (string?)project.Root.Attribute("Sdk") != "Microsoft.NET.Sdk")
        {
            yield return $"{project.Path}: its SDK must be Microsoft.NET.Sdk.";
        }
    }

    /// <summary>Whether only the Cluster configuration builds a project of this path.</summary>
    public static bool IsCluster(ProjectFile project)
    {
        var name = project.Name[Prefix.Length..];
        var subject = name.EndsWith(".Tests", StringComparison.Ordinal) ? name[..^".Tests".Length] : name;
        return ClusterTests.Contains(name) || (Source.TryGetValue(subject, out var rule) && rule.IsCluster);
    }

    private static bool Matches(string pattern, string name) =>
        Regex.IsMatch(name, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");
}
