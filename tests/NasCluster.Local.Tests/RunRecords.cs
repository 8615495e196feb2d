using NasCluster.Embedded.Storage;

namespace NasCluster.Local.Tests;

/// <summary>Looks into a run directory while or after a process works on it.</summary>
internal static class RunRecords
{
    /// <summary>How many outcomes a run has recorded; 0 while there is no run yet.</summary>
    public static int OutcomesOf(string directory)
    {
        if (!File.Exists(Path.Combine(directory, "run.db")))
        {
            return 0;
        }

        using var reader = RunReader.Open(directory);
        return reader.ReadOutcomes().Count;
    }
}
