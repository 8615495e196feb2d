using System.CommandLine;
using System.Text.Json;
using NasCluster.Core.Specification;
using NasCluster.Local.Doctor;
using NasCluster.Local.Engines;

namespace NasCluster.Local.Commands;

/// <summary><c>nas doctor</c>: what is here to compute with, what is missing, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var engine = OptionKinds.Word("--engine", "Fail unless this engine is ready.", "cpu", "torch");
        var format = OptionKinds.Word("--format", "text, or json for scripts.", "text", "json");
        var command = new Command("doctor", "Say which engines, devices and drivers are here, what is missing, and what to do about it.") { engine, format };
        command.SetAction(parsed =>
        {
            var findings = MachineFindings.Of().Concat(TorchChoice.Diagnose()).Concat(GraphicsCards.Of()).ToArray();
            if (parsed.GetValue(format) == "json")
            {
                WriteJson(findings);
            }
            else
            {
                WriteText(findings);
            }

            var asked = $"engine {parsed.GetRequiredValue(engine)}";
            return findings.First(f => f.Subject == asked).State == FindingState.Ready ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static void WriteText(Finding[] findings)
    {
        foreach (var finding in findings)
        {
            Console.Out.WriteLine($"{finding.Subject,-15} {Words.Of(finding.State),-7} {finding.Text}");
            if (finding.Advice is { } advice)
            {
                Console.Out.WriteLine($"{"",-15} {"",-7} -> {advice}");
            }
        }
    }

    private static void WriteJson(Finding[] findings)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("subject", finding.Subject);
                json.WriteString("state", Words.Of(finding.State));
                json.WriteString("text", finding.Text);
                json.WriteString("advice", finding.Advice);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        output.WriteByte((byte)'\n');
    }
}
