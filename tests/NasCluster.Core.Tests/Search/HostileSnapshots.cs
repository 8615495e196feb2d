using System.Security.Cryptography;
using NasCluster.Core.Search;
using NasCluster.Testing;

namespace NasCluster.Core.Tests.Search;

/// <summary>Snapshots whose checksum is right and whose state was never written so.</summary>
internal static class HostileSnapshots
{
    // SHA-256 of the options before the state, and of everything behind it.
    private const int Hash = 32;

    /// <summary>Every byte of the state set to a few values: such a snapshot is refused, or restored to a search that comes to its end.</summary>
    internal static void Check(AlgorithmOptions algorithm, SearchOptions options, ISearchSpace space, Func<Trial, EvaluationOutcome> evaluate)
    {
        var search = Searches.Create(algorithm, options, space);
        var snapshots = new List<SearchSnapshot> { search.Snapshot() };
        while (!search.IsFinished)
        {
            foreach (var trial in search.Ask(7))
            {
                search.Tell(trial.Id, evaluate(trial));
            }

            snapshots.Add(search.Snapshot());
        }

        var (refused, restored) = (0, 0);
        foreach (var snapshot in new[] { snapshots[0], snapshots[snapshots.Count / 2], snapshots[^1] })
        {
            for (var i = Hash; i < snapshot.Bytes.Length - Hash; i++)
            {
                foreach (var value in new byte[] { 0, 1, 0x7F, 0xFF })
                {
                    var body = snapshot.Bytes.SetItem(i, value)[..^Hash];
                    try
                    {
                        var changed = Searches.Restore(algorithm, options, space, snapshot with { Bytes = [.. body, .. SHA256.HashData(body.AsSpan())] });
                        restored++;
                        if (i % 16 == 0)
                        {
                            SearchDriver.Run(changed, evaluate);
                        }
                    }
                    catch (NasClusterException)
                    {
                        refused++;
                    }
                }
            }
        }

        Assert.True(refused > 50 && restored > 50, $"{refused} were refused, {restored} restored.");
    }
}
