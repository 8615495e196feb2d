using System.Xml.Linq;

namespace NasCluster.Repository.Tests;

/// <summary>One reference of a project file.</summary>
/// <param name="Name">Name of the referenced project (without folder and extension) or package.</param>
/// <param name="Condition">Conditions of the item and its group, joined; empty when it always applies.</param>
/// <param name="HasVersion">Whether the item states a version of its own.</param>
internal sealed record Reference(string Name, string Condition, bool HasVersion)
{
    public bool IsClusterOnly => Condition.Contains("'$(Configuration)'", StringComparison.Ordinal)
        && Condition.Contains("== 'Cluster'", StringComparison.Ordinal);
}

/// <summary>A project file as written: SDK, references and properties, conditions kept.</summary>
internal sealed class ProjectFile
{
    private ProjectFile(string path, XElement root)
    {
        Path = path;
        Root = root;
    }

    public string Path { get; }

    public XElement Root { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsSource => Path.StartsWith("src/", StringComparison.Ordinal);

    public IReadOnlyList<Reference> ProjectReferences => [.. References("ProjectReference")];

    public IReadOnlyList<Reference> PackageReferences => [.. References("PackageReference")];

    public IReadOnlyList<Reference> FrameworkReferences => [.. References("FrameworkReference")];

    /// <summary>All tracked projects, ordered by path.</summary>
    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. RepositoryFiles.Tracked.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).Select(Load)];

    public static ProjectFile Load(string path) => Parse(path, RepositoryFiles.Read(path));

    public static ProjectFile Parse(string path, string xml) => new(path, XDocument.Parse(xml).Root!);

    private IEnumerable<Reference> References(string kind) =>
        from item in Root.Descendants()
        where item.Name.LocalName == kind
        let include = (string?)item.Attribute("Include") ?? (string?)item.Attribute("Update") ?? ""
        let name = kind == "ProjectReference" ? System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/')) : include
        let conditions = item.AncestorsAndSelf().Select(e => (string?)e.Attribute("Condition")).Where(c => c is not null)
        let hasVersion = item.Attribute("Version") is not null || item.Attribute("VersionOverride") is not null
            || item.Elements().Any(e => e.Name.LocalName is "Version" or "VersionOverride")
        select new Reference(name, string.Join(" And ", conditions), hasVersion);
}
