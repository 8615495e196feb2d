using NasCluster.Core.Randomness;
using NasCluster.SmallWorld.Questions;

namespace NasCluster.SmallWorld.Tests;

/// <summary>Samples of the world that several tests look at.</summary>
internal static class GeneratedWorld
{
    /// <summary>Documents of a training text.</summary>
    public static IReadOnlyList<string> Documents { get; } = [.. DocumentSource.Documents(new Xoshiro256(11)).Take(12_000)];

    /// <summary>Held-out questions of each family.</summary>
    public static IReadOnlyDictionary<string, Question[]> Tasks { get; } = QuestionFamilies.All.ToDictionary(
        f => f.Name, f => TaskSource.Questions(f, new Xoshiro256(12), 1_200));

    /// <summary>The families' names, for theories.</summary>
    public static TheoryData<string> Families => [.. QuestionFamilies.All.Select(f => f.Name)];
}
