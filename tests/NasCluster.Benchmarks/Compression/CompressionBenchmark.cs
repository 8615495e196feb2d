using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NasCluster.Core;
using NasCluster.Testing;

namespace NasCluster.Benchmarks.Compression;

/// <summary>
/// How much perplexity each way of pruning without training costs at each size: <c>compression --out DIR --model M --text FILE [nas prune's options]</c>.
/// Every cell is a run of <c>nas prune</c>; those that are in DIR already are read, so that a stopped table goes on; with <c>--show</c> no other is made.
/// </summary>
internal static class CompressionBenchmark
{
    private const string Time = "seconds.txt";

    private static readonly double[] Shares = [0.9, 0.8, 0.7, 0.6, 0.5];

    /// <summary>
    /// Runs: one cell may serve two rows, cut and repaired. <c>--steps</c> and <c>--evaluations</c>, where given, go to those that have any by
    /// themselves.
    /// </summary>
    private static readonly (string Name, string[] Options)[] Runs =
    [
        ("magnitude", [.. Start("magnitude"), "--repair", "none"]),
        ("wanda", [.. Start("wanda"), "--repair", "none"]),
        ("taylor", [.. Start("taylor"), "--set", "space.attention=groups", "--repair", "none"]),
        ("flap", [.. Start("wifv"), "--set", "space.attention=groups", "--set", "pruning.spread=global", "--repair", "bias"]),
        ("hessian", [.. Start("hessian"), "--repair", "exact"]),
        ("evolution", ["--method", "mask-evolution"]),
        ("gradient", ["--method", "policy-gradient"]),
        ("composition", ["--method", "composition"]),
        ("linas", ["--method", "linas"]),
    ];

    private static readonly (string Label, string Run, string Network)[] Rows =
    [
        ("magnitude, uniform", "magnitude", "cut"),
        ("Wanda, uniform", "wanda", "cut"),
        ("Taylor (LLM-Pruner without LoRA)", "taylor", "cut"),
        ("WIFV, global, with bias (FLAP)", "flap", "repaired"),
        ("B: start", "hessian", "cut"),
        ("B: start, repaired", "hessian", "repaired"),
        ("B: search", "evolution", "cut"),
        ("B: search, repaired", "evolution", "repaired"),
        ("C: policy gradient", "gradient", "cut"),
        ("C: policy gradient, repaired", "gradient", "repaired"),
        ("A: LINAS over widths, repaired", "linas", "repaired"),
        ("composition", "composition", "repaired"),
    ];

    public static int Run(string[] args)
    {
        var place = Array.IndexOf(args, "--out");
        if (place < 0 || place + 1 == args.Length)
        {
            throw new NasClusterException("compression needs --out DIR, where its runs are kept.");
        }

        var output = Path.GetFullPath(args[place + 1]);
        var common = new List<string>([.. args[..place], .. args[(place + 2)..]]);
        var isShown = common.Remove("--show");
        var steps = Take(common, "--steps");
        var evaluations = Take(common, "--evaluations");
        var cells = new Dictionary<(string Run, double Share), Cell>();
        foreach (var share in Shares)
        {
            foreach (var (name, options) in Runs)
            {
                var directory = Path.Combine(output, string.Create(CultureInfo.InvariantCulture, $"{name}-{share}"));
                string[] budget = [.. name is "gradient" or "composition" ? steps : [], .. name is "evolution" or "composition" ? evaluations : []];
                if (isShown && !File.Exists(Path.Combine(directory, Time)))
                {
                    continue;
                }

                cells[(name, share)] = Cell(directory, [.. common, "--keep", share.ToString(CultureInfo.InvariantCulture), .. options, .. budget]);
            }
        }

        Show("perplexity on the report set", cells, (cell, network) => cell.Networks.TryGetValue(network, out var value) ? value.Perplexity : double.NaN, "0.00");
        Show("seconds, all stages", cells, (cell, _) => cell.Seconds, "0.0");
        Show("share of the layers' weights", cells, (cell, network) => cell.Networks.TryGetValue(network, out var value) ? value.Share : double.NaN, "0.000");
        return 0;
    }

    private static string[] Take(List<string> arguments, string name)
    {
        var place = arguments.IndexOf(name);
        if (place < 0 || place + 1 == arguments.Count)
        {
            return [];
        }

        string[] taken = [name, arguments[place + 1]];
        arguments.RemoveRange(place, taken.Length);
        return taken;
    }

    private static string[] Start(string importance) => ["--method", "importance", "--importance", importance];

    private static Cell Cell(string directory, string[] options)
    {
        var record = Path.Combine(directory, "stages", "pruned.json");
        var time = Path.Combine(directory, Time);
        if (!File.Exists(time))
        {
            // A run that was stopped is resumed; its time is then not that of a whole one.
            var isNew = !File.Exists(Path.Combine(directory, "run.db"));
            var watch = Stopwatch.StartNew();
            Nas(isNew ? ["prune", .. options, "--out", directory] : ["resume", directory]);
            File.WriteAllText(time, isNew ? watch.Elapsed.TotalSeconds.ToString("R", CultureInfo.InvariantCulture) : "NaN");
        }

        using var document = JsonDocument.Parse(File.ReadAllText(record));
        var networks = document.RootElement.GetProperty("networks").EnumerateArray().ToArray();
        double Size(JsonElement network) => network.GetProperty("block_parameters").GetDouble();
        return new Cell(
            networks.ToDictionary(
                n => n.GetProperty("name").GetString()!,
                n => (n.GetProperty("report").GetProperty("perplexity")[0].GetDouble(), Size(n) / Size(networks[0])),
                StringComparer.Ordinal),
            double.Parse(File.ReadAllText(time), CultureInfo.InvariantCulture));
    }

    private static void Nas(string[] arguments)
    {
        var program = Path.Combine(SharedData.RepositoryRoot, "src", "NasCluster.Local", "bin", "Release", "net10.0", "nas");
        Console.Error.WriteLine($"nas {string.Join(' ', arguments)}");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new NasClusterException($"nas ended with {process.ExitCode}: {errors.Result.Trim().Split('\n')[^1]}");
        }
    }

    private static void Show(string title, Dictionary<(string Run, double Share), Cell> cells, Func<Cell, string, double> valueOf, string format)
    {
        Console.WriteLine();
        Console.WriteLine($"| {title} | {string.Join(" | ", Shares.Select(s => s.ToString("P0", CultureInfo.InvariantCulture)))} |");
        Console.WriteLine($"|-|{string.Concat(Shares.Select(_ => "-|"))}");
        foreach (var (label, run, network) in Rows)
        {
            Console.WriteLine($"| {label} | {string.Join(" | ", Shares.Select(s => cells.TryGetValue((run, s), out var cell) ? valueOf(cell, network).ToString(format, CultureInfo.InvariantCulture) : ""))} |");
        }

        var whole = valueOf(cells.Values.First(), "whole");
        Console.WriteLine($"| whole network | {string.Join(" | ", Shares.Select(_ => whole.ToString(format, CultureInfo.InvariantCulture)))} |");
    }
}

/// <summary>One run of the table.</summary>
/// <param name="Networks">What its networks score and keep, by name.</param>
/// <param name="Seconds">How long it took; NaN where it was resumed.</param>
internal sealed record Cell(Dictionary<string, (double Perplexity, double Share)> Networks, double Seconds);
