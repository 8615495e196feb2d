using System.Globalization;
using NasCluster.Embedded.Storage;
using Xunit.Abstractions;

namespace NasCluster.Local.Tests;

/// <summary>Kills the real program at random moments. NASCLUSTER_KILLS sets how often, NASCLUSTER_KILL_SEED when.</summary>
public sealed class KillTests(ITestOutputHelper log)
{
    private const int Evaluations = 250;
    private const int Workers = 2;

    [Fact]
    public void Search_KilledAgainAndAgain_EndsWithTheIdenticalFront()
    {
        using var model = new SmallModel();
        Assert.Equal(0, Nas.Run(model.Search("whole", Evaluations)).ExitCode);
        var random = new Random(Number("NASCLUSTER_KILL_SEED", 1));
        var wanted = Number("NASCLUSTER_KILLS", 8);

        string[] engine = ["--workers", $"{Workers}", "--vectors", "scalar"];
        var kills = 0;
        for (var done = 0; kills < wanted && done < Evaluations; done = RunRecords.OutcomesOf(model.At("cut")))
        {
            using var nas = Start(model, engine);

            // Most kills hit the search at work, some its start.
            if (random.Next(5) > 0)
            {
                nas.WaitUntil(() => RunRecords.OutcomesOf(model.At("cut")) > done);
            }

            kills += nas.Kill(TimeSpan.FromMilliseconds(random.Next(0, 300))) ? 1 : 0;
        }

        using var final = Start(model, ["--workers", "4"]);
        var last = final.WaitForEnd();

        Assert.True(last.ExitCode == 0, last.Errors);
        Assert.Equal(File.ReadAllText(model.At("whole/front.csv")), File.ReadAllText(model.At("cut/front.csv")));
        using var reader = RunReader.Open(model.At("cut"));
        var outcomes = reader.ReadOutcomes();
        var starts = reader.ReadStarts().Count;
        log.WriteLine($"{kills} kills, {starts} starts for {outcomes.Count} outcomes.");
        Assert.Equal(Evaluations, outcomes.Count);
        Assert.Equal(outcomes.Count, outcomes.Select(o => o.Key).Distinct().Count());
        Assert.InRange(starts, outcomes.Count, outcomes.Count + (kills * Workers));
    }

    private static Nas Start(SmallModel model, string[] options) =>
        File.Exists(model.At("cut/run.db")) ? Nas.Start(["resume", model.At("cut"), .. options]) : Nas.Start(model.Search("cut", Evaluations, options));

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
