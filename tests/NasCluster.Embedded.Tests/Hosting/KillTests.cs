using System.Collections.Immutable;
using System.Globalization;
using NasCluster.Core;
using NasCluster.Core.Control;
using NasCluster.Embedded.Hosting;
using NasCluster.Embedded.Storage;
using NasCluster.Testing;

namespace NasCluster.Embedded.Tests.Hosting;

/// <summary>Searches in real processes, killed without warning.</summary>
public sealed class KillTests : IDisposable
{
    private const int Workers = 2;
    private const int DelayMs = 10;
    private const int LongestLifeMs = 60;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>25 kills, or as many as the environment variable <c>NASCLUSTER_KILLS</c> says.</summary>
    [Fact]
    public async Task Run_KilledAtRandomMomentsAndResumed_EndsAsUninterrupted()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("NASCLUSTER_KILLS") ?? "25", CultureInfo.InvariantCulture);
        var budget = kills * Workers * (LongestLifeMs / DelayMs) * 3 / 2;
        var random = new Random(20260301);
        var progress = new List<int>();
        for (var kill = 0; kill < kills; kill++)
        {
            using var child = new ChildProcess(_directory.At("killed"), budget, Workers, DelayMs);

            // One in five dies while it starts: creating the run, or opening and replaying it.
            var isEarly = random.Next(5) == 0;
            if (!isEarly)
            {
                await child.Working();
            }

            Assert.True(child.Kill(TimeSpan.FromMilliseconds(random.NextDouble() * (isEarly ? 400 : LongestLifeMs))), child.Errors);
            progress.Add(File.Exists(RunFiles.Database(_directory.At("killed"))) ? Recorded().Count : 0);
        }

        Assert.True(progress[^1] < budget, "The search was complete before the last kill.");
        Assert.True(progress.Distinct().Count() > kills / 4, $"Kills at {string.Join(", ", progress)} outcomes do not probe much.");

        using var last = new ChildProcess(_directory.At("killed"), budget, Workers, delayMs: 0);
        Assert.True(await last.Exit() == 0, last.Errors);

        var outcomes = Recorded();
        Assert.Equal(Uninterrupted(budget, out var hypervolume), SyntheticEvaluator.ByTrial(outcomes));
        var evaluated = outcomes.Where(o => o.Source == OutcomeSource.Evaluated).ToList();
        Assert.Equal(evaluated.Count, evaluated.Select(o => o.Key).Distinct().Count());
        using var reader = RunReader.Open(_directory.At("killed"));
        Assert.InRange(reader.ReadStarts().Count, evaluated.Count, evaluated.Count + (kills * Workers));
        Assert.Equal(hypervolume.Hypervolume, reader.ReadHypervolume()[^1].Hypervolume);
        Assert.Equal([.. hypervolume.ReferencePoint], reader.ReadHypervolume()[^1].ReferencePoint.ToArray());
    }

    [Fact]
    public async Task Open_RunOfAnotherProcess_IsRefusedUntilThatIsKilled()
    {
        var directory = _directory.At("owned");
        using var owner = new ChildProcess(directory, 100_000, Workers, DelayMs);
        await owner.Working();

        var exception = Assert.Throws<NasClusterException>(() => RunDirectory.Open(directory, TimeProvider.System));
        Assert.Equal($"Run directory '{directory}' is in use by process {owner.Id}; only one process may run it at a time.", exception.Message);
        using (var second = new ChildProcess(directory, 100_000, Workers, DelayMs))
        {
            Assert.Equal(1, await second.Exit());
            Assert.Equal(exception.Message, second.Errors);
        }

        using (var reader = RunReader.Open(directory))
        {
            Assert.Equal(Samples.Specification, reader.ReadSpecification());
            reader.ReadRecoveredState();
        }

        Assert.True(owner.Kill(TimeSpan.Zero));
        using var run = RunDirectory.Open(directory, TimeProvider.System);
        Assert.Equal(Samples.Specification, run.Specification);
    }

    private IReadOnlyList<OutcomeRecord> Recorded()
    {
        using var reader = RunReader.Open(_directory.At("killed"));
        return reader.ReadOutcomes();
    }

    private ImmutableSortedDictionary<long, string> Uninterrupted(int budget, out HypervolumePoint hypervolume)
    {
        using var run = RunDirectory.Create(_directory.At("uninterrupted"), Samples.Specification, TimeProvider.System);
        using var evaluator = new SyntheticEvaluator();
        var observer = new RecordingObserver();
        new EmbeddedHost(TestSearch.Job(evaluator, budget), run.Store, observer, TestSearch.Options(Workers), TimeProvider.System).Run(default);
        hypervolume = observer.Hypervolume[^1];
        return SyntheticEvaluator.ByTrial(observer.Outcomes);
    }
}
