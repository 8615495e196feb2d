using System.Collections.Immutable;
using NasCluster.Core.Control;
using NasCluster.Core.Evaluation;
using NasCluster.Core.Search;
using NasCluster.Embedded.Storage;

namespace NasCluster.Embedded.Tests;

/// <summary>Records the tests store and read.</summary>
internal static class Samples
{
    public static RunSpecification Specification { get; } = new(
        "# a comment\nseed: 7\n", """{"seed":7}""",
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("model", "ab12"), KeyValuePair.Create("program", "0.1.0")]));

    public static OutcomeRecord Outcome(long sequence) => new(
        sequence, new Trial(new TrialId(sequence), new Genome([(int)sequence, 3])), new EvaluationKey($"key-{sequence}"),
        EvaluationOutcome.Success([new(sequence, 0), new(-sequence, 0)]), OutcomeSource.Evaluated, DateTimeOffset.UnixEpoch);

    public static SaveEffect Save(long first, int count = 1) =>
        new(first, [], [.. Enumerable.Range((int)first, count).Select(i => Outcome(i))], null);
}
