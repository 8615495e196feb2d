using System.Globalization;

namespace NasCluster.Benchmarks.Efficiency;

/// <summary>Runs kept as files, <c>PROBLEM/ALGORITHM/SEED.txt</c>: the slowest tell's milliseconds, then the share after each evaluation.</summary>
/// <param name="arguments">Where they are kept, and whether others are run.</param>
internal sealed class EfficiencyRuns(EfficiencyArguments arguments)
{
    /// <summary>The run of a seed; null if it is not there and nothing is to be run.</summary>
    public EfficiencyRun? Of(EfficiencyProblem problem, Contestant contestant, int seed, int budget, int atLeast, double enough)
    {
        var file = arguments.Runs is { } directory
            ? Path.Combine(directory, problem.Name.Replace(' ', '-'), contestant.Key, string.Create(CultureInfo.InvariantCulture, $"{seed}.txt"))
            : null;
        if (File.Exists(file))
        {
            double[] numbers = [.. File.ReadLines(file).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
            return new EfficiencyRun(numbers[1..], numbers[0]);
        }

        if (arguments.OnlyStored)
        {
            return null;
        }

        var run = EfficiencyRun.Of(problem, contestant.Options, (ulong)seed, budget, atLeast, enough);
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var whole = file + ".part";
            File.WriteAllLines(whole, run.Shares.Prepend(run.SlowestTell).Select(n => n.ToString("R", CultureInfo.InvariantCulture)));
            File.Move(whole, file, overwrite: true);
        }

        return run;
    }
}
