using System.Text.Json;
using NasCluster.Local.Doctor;
using NasCluster.Testing;

namespace NasCluster.Local.Tests;

public sealed class DoctorTests
{
    [Fact]
    public void Doctor_OnThisMachine_SaysWhatIsHereAndWhatIsNot()
    {
        var result = Nas.Run("doctor", "--format", "json");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        using var findings = JsonDocument.Parse(result.Output);
        var states = findings.RootElement.EnumerateArray().ToDictionary(f => f.GetProperty("subject").GetString()!, f => f.GetProperty("state").GetString());
        Assert.Equal("ready", states["engine cpu"]);
        Assert.Equal("ready", states["super-network"]);
        Assert.Contains(states.Keys, k => k.StartsWith("card ", StringComparison.Ordinal) || k == "graphics cards");
        foreach (var finding in findings.RootElement.EnumerateArray())
        {
            Assert.True(finding.GetProperty("state").GetString() == "ready" || finding.GetProperty("advice").ValueKind == JsonValueKind.String);
            Assert.Contains(finding.GetProperty("text").GetString()!, Nas.Run("doctor").Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void GraphicsCards_WhatTheToolAnswers_IsAFindingEach()
    {
        using var folder = new TemporaryDirectory();

        // What nvidia-smi prints of two cards.
        var tool = Script(folder, "two", "echo '0, NVIDIA H200, 143771, 143153, 570.86.15'; echo '1, NVIDIA A100-SXM4-80GB, 81920, 1024, 570.86.15'");
        Assert.Equal(
            [
                new Finding("card 0", FindingState.Ready, "NVIDIA H200, 140.4 GiB, 139.8 of them free, driver 570.86.15"),
                new Finding("card 1", FindingState.Ready, "NVIDIA A100-SXM4-80GB, 80.0 GiB, 1.0 of them free, driver 570.86.15"),
            ],
            GraphicsCards.Of(tool));

        var broken = Assert.Single(GraphicsCards.Of(Script(folder, "broken", "echo \"NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\"; exit 9")));
        Assert.Equal(FindingState.Broken, broken.State);
        Assert.EndsWith("ended with 9: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", broken.Text, StringComparison.Ordinal);

        Assert.Equal(FindingState.Broken, Assert.Single(GraphicsCards.Of(Script(folder, "strange", "echo '[Not Supported]'"))).State);
        Assert.Equal(FindingState.Absent, Assert.Single(GraphicsCards.Of(folder.At("nowhere"))).State);
    }

    private static string Script(TemporaryDirectory folder, string name, string body)
    {
        var path = folder.Write(name, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }
}
