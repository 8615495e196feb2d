using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Measurements.Tables;

namespace NasCluster.Local.Engines;

/// <summary>What the processor or the card under an engine calls itself.</summary>
internal static class DeviceHardware
{
    private const string ProcessorFile = "/proc/cpuinfo";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The class of devices that a network is measured on here: with all processors, as measured searches have them.</summary>
    public static DeviceClass ClassOf(SuperNetworkInfo network)
    {
        var (kind, number) = network.Device.Split(':') is [var first, .. var rest] ? (first, rest.Length > 0 ? rest[0] : "0") : (network.Device, "0");
        return DeviceClass.Of(network, kind == "cuda" ? Card(number) : Processor(), Environment.ProcessorCount);
    }

    /// <summary>The first processor's name in text as of Linux' /proc/cpuinfo; null where it has none.</summary>
    internal static string? ProcessorIn(IEnumerable<string> lines) => lines
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .FirstOrDefault(parts => parts is ["model name" or "Model", { Length: > 0 }])?[1];

    private static string Processor()
    {
        try
        {
            if (File.Exists(ProcessorFile) && ProcessorIn(File.ReadLines(ProcessorFile)) is { } name)
            {
                return name;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next best name.
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") is { Length: > 0 } identifier ? identifier : $"{RuntimeInformation.ProcessArchitecture} processor";
    }

    private static string Card(string number)
    {
        const string unknown = "card of unknown name";
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nvidia-smi", [$"--id={number}", "--query-gpu=name", "--format=csv,noheader"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return unknown;
            }

            errors.Wait();
            return process.ExitCode == 0 && output.Result.Trim().Split('\n')[0].Trim() is { Length: > 0 } name ? name : unknown;
        }
        catch (Win32Exception)
        {
            return unknown;
        }
    }
}
