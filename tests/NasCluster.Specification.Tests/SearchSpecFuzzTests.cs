using System.Text;
using NasCluster.Core;
using NasCluster.Core.Specification;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Specification.Tests;

public sealed class SearchSpecFuzzTests(ITestOutputHelper output)
{
    /// <summary>3,000 damaged files; NASCLUSTER_FUZZ=100000 tries that many.</summary>
    [Fact]
    public void Read_DamagedFiles_AreReadOrRefusedCheaply()
    {
        var seeds = Examples.Files.Select(File.ReadAllBytes).ToArray();
        string[] words = [.. SearchSpecKeys.All.Select(k => k.Path.Split('.')[^1] + ": "), "- ", "? ", "&a ", "*a ", "!!str ", "<<: ", "|\n", ">\n", "%YAML 1.2\n---\n", "...\n", "\\x", "\"\\U0011FFFF\"", "{", "}", "[", "]", "'", "\t", "# "];
        var options = new FuzzOptions { Words = words, AllocationAllowance = 4 << 20 };
        output.WriteLine(Fuzzer.Run(seeds, Parse, options).ToString());
    }

    private static void Parse(byte[] file)
    {
        var reading = SearchSpecReader.Read(Encoding.UTF8.GetString(file));
        foreach (var problem in reading.Problems)
        {
            if (problem.Message.Length is 0 or > 2000 || problem.Message.Any(char.IsControl))
            {
                throw new InvalidOperationException($"Not a one-line message: {problem.Message}");
            }
        }

        if (!reading.Problems.IsEmpty)
        {
            throw new NasClusterException(reading.Problems[0].Message);
        }

        if (SearchSpecReader.Read(SearchSpecWriter.Write(reading.Spec)).SpecOrThrow(null) != reading.Spec)
        {
            throw new InvalidOperationException("The specification does not survive being written and read.");
        }
    }
}
