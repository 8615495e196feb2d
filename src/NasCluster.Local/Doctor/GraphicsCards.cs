using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NasCluster.Local.Doctor;

/// <summary>NVIDIA's cards and driver, as its own tool <c>nvidia-smi</c> tells of them.</summary>
internal static class GraphicsCards
{
    private const string Tool = "nvidia-smi";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks the tool.</summary>
    public static IEnumerable<Finding> Of() => Of(Tool);

    /// <summary>Asks a tool.</summary>
    /// <param name="tool">A program that answers as <c>nvidia-smi</c> does.</param>
    internal static IEnumerable<Finding> Of(string tool)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, ["--query-gpu=index,name,memory.total,memory.free,driver_version", "--format=csv,noheader,nounits"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return [new("graphics cards", FindingState.Broken, $"{tool} did not answer in {Patience.TotalSeconds} seconds", "The driver may hang; look at the kernel's log.")];
            }

            var lines = output.Result.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return process.ExitCode == 0 && lines.Length > 0
                ? lines.Select(Parse)
                : [new("graphics cards", FindingState.Broken, $"{tool} ended with {process.ExitCode}: {FirstLine(errors.Result, output.Result)}", "The driver does not work; install one that fits the kernel and the card.")];
        }
        catch (Win32Exception)
        {
            return [new("graphics cards", FindingState.Absent, $"none found: there is no {tool}", "With a card of NVIDIA's, install its driver; in a container, its container toolkit.")];
        }
    }

    /// <summary>What a line of its answer says.</summary>
    internal static Finding Parse(string line)
    {
        var fields = line.Split(',', StringSplitOptions.TrimEntries);
        return fields.Length == 5
            && double.TryParse(fields[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var total) && double.TryParse(fields[3], NumberStyles.Float, CultureInfo.InvariantCulture, out var free)
            ? new($"card {fields[0]}", FindingState.Ready, string.Create(CultureInfo.InvariantCulture, $"{fields[1]}, {total / 1024:F1} GiB, {free / 1024:F1} of them free, driver {fields[4]}"))
            : new("graphics cards", FindingState.Broken, $"{Tool} says '{line}', which is not what was asked for");
    }

    private static string FirstLine(params string[] texts) =>
        texts.Select(t => t.Trim().Split('\n')[0]).FirstOrDefault(t => t.Length > 0) ?? "it said nothing";
}
