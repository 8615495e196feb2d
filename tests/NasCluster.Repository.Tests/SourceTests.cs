using System.Text.RegularExpressions;

namespace NasCluster.Repository.Tests;

public partial class SourceTests
{
    private const int MaxLines = 400;
    private const long MaxBytes = 4 << 20;

    /// <summary>Source files allowed to be longer, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    private static IEnumerable<string> CSharp(string folder) => RepositoryFiles.Tracked
        .Where(path => path.StartsWith(folder, StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void SourceFiles_Length_StaysReadable()
    {
        var lengths = CSharp("src/").ToDictionary(path => path, path => File.ReadLines(RepositoryFiles.FullPath(path)).Count());
        Assert.Empty(lengths.Where(f => f.Value > MaxLines && !LongFiles.ContainsKey(f.Key)).Select(f => $"{f.Key}: {f.Value} lines, at most {MaxLines}"));
        Assert.Empty(LongFiles.Keys.Where(path => lengths.GetValueOrDefault(path) <= MaxLines).Select(path => $"{path} needs no exception any more"));
    }

    [Fact]
    public void TrackedFiles_Size_FitsAClone() => Assert.Empty(
        from path in RepositoryFiles.Tracked
        where !path.StartsWith("src/NasCluster.Local/Models/", StringComparison.Ordinal)
        let bytes = new FileInfo(RepositoryFiles.FullPath(path)).Length
        where bytes > MaxBytes
        select $"{path}: {bytes} bytes, at most {MaxBytes}");

    /// <summary>A path or a package source of one machine makes a checkout work there and nowhere else.</summary>
    [Fact]
    public void TrackedFiles_MachinePathsAndRegistries_AreAbsent() => Assert.Empty(
        from path in RepositoryFiles.TrackedText()
        where !path.StartsWith("tests/NasCluster.Repository.Tests/", StringComparison.Ordinal)
        from problem in MachineTraces(RepositoryFiles.Read(path))
        select $"{path}: {problem}");

    [Theory]
    [InlineData("see /home/someone/model.bin")]
    [InlineData("\"/mnt/data/model.bin\"")]
    [InlineData("C:\\Users\\someone")]
    [InlineData("https://api." + "nuget.org/v3/index.json")]
    [InlineData("https://artifactory.example.com/feed")]
    public void MachineTraces_Trace_IsFound(string text) => Assert.NotEmpty(MachineTraces(text));

    [Theory]
    [InlineData("../shared/data/models and src/home/x, a/work/b")]
    [InlineData("https://github.com/dotnet/orleans")]
    public void MachineTraces_PortableText_IsFine(string text) => Assert.Empty(MachineTraces(text));

    [Fact]
    public void TrackedFiles_PackageSources_AreNotConfigured() =>
        Assert.DoesNotContain(RepositoryFiles.Tracked, path => Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase));

    /// <summary>Core decides; time, randomness, logs and output are handed to it, or a resumed search would differ.</summary>
    [Fact]
    public void Core_AmbientState_IsNotUsed() => Assert.Empty(
        from path in CSharp("src/NasCluster.Core/")
        from use in AmbientUses(RepositoryFiles.Read(path))
        select $"{path}: {use}");

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("$\"{DateTimeOffset.Now}\"")]
    [InlineData("Random . Shared.Next()")]
    [InlineData("new Random()")]
    [InlineData("System.Console.WriteLine(1);")]
    [InlineData("Environment.ProcessorCount")]
    [InlineData("ILogger<int> log")]
    [InlineData("Guid.NewGuid()")]
    [InlineData("Stopwatch.StartNew()")]
    [InlineData("\"a\" + DateTime.Now // \"")]
    public void AmbientUses_Use_IsFound(string code) => Assert.NotEmpty(AmbientUses(code));

    [Theory]
    [InlineData("// DateTime.Now would differ\nx = 1;")]
    [InlineData("/* Console.WriteLine */ x = 1;")]
    [InlineData("DateTimeOffset now = time.GetUtcNow();")]
    [InlineData("new Random(seed)")]
    [InlineData("ConsoleView view; BuildEnvironment.X")]
    public void AmbientUses_PureCode_IsFine(string code) => Assert.Empty(AmbientUses(code));

    private static IEnumerable<string> AmbientUses(string text) => Ambient().Matches(CSharpText.WithoutComments(text)).Select(m => m.Value);

    private static IEnumerable<string> MachineTraces(string text)
    {
        var fixedTraces = MachineTrace().Matches(text).Select(m => m.Value);

        // The root of this very checkout gives away any other absolute path; a short one such as "/src" would match words.
        var root = RepositoryFiles.Root;
        return root.Length > 8 && text.Contains(root, StringComparison.Ordinal) ? fixedTraces.Append(root) : fixedTraces;
    }

    [GeneratedRegex(
        @"\bDateTime(Offset)?\s*\.\s*(UtcNow|Now|Today)\b|\bRandom\s*\.\s*Shared\b|\bnew\s+Random\s*\(\s*\)|\bConsole\s*\.|\bEnvironment\s*\."
        + @"|\bILogger\b|\bGuid\s*\.\s*NewGuid\b|\bStopwatch\b|\bTimeProvider\s*\.\s*System\b|\bThread\s*\.\s*Sleep\b")]
    private static partial Regex Ambient();

    [GeneratedRegex(
        @"(?<![\w.\-/}\)*$])/(home|root|work|Users|mnt|workspace)/[\w.\-]+|\b[A-Za-z]:\\Users\\|(?i:\b(api\.)?nuget\.org\b|\bartifactory\b|\bjfrog\b|\bnexus\.|\bpkgs\.dev\.azure|\bpypi\.org\b|registry\.npmjs)")]
    private static partial Regex MachineTrace();
}
