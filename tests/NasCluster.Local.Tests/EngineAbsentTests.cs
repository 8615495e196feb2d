using NasCluster.Testing;

namespace NasCluster.Local.Tests;

/// <summary>What a program built without the engine for graphics cards says when it is asked for it.</summary>
[NeedsBuildWithoutTorch]
public sealed class EngineAbsentTests
{
    [ContractFact]
    public void EveryCommand_SaysHowToBuildIt()
    {
        using var model = new SmallModel();
        string[][] commands =
        [
            ["score", "--text", model.TextPath, "--format", "json"], ["search", "--text", model.TextPath, "--out", model.At("run")],
            ["prune", "--text", model.TextPath, "--keep", "0.5", "--out", model.At("run")], ["train", "--data", model.TextPath, "--steps", "1", "--out", model.At("run")],
        ];
        Assert.All(commands, command =>
        {
            var result = Nas.Run([.. command, "--model", model.ModelPath, "--engine", "torch"]);
            Assert.Equal((1, ""), (result.ExitCode, result.Output));
            Assert.Equal("nas: This nas was built without the engine torch; build it with -c Cluster (and -p:Torch=cuda for graphics cards).\n", result.Errors);
            Assert.False(Path.Exists(model.At("run")));
        });
    }

    [ContractFact]
    public void Doctor_AskedForIt_Fails()
    {
        var result = Nas.Run("doctor", "--engine", "torch");
        Assert.Equal((1, ""), (result.ExitCode, result.Errors));
        Assert.Contains("engine torch    absent  this nas was built without it", result.Output, StringComparison.Ordinal);
    }
}

/// <summary>Leaves a class out where the program under test has the engine.</summary>
internal sealed class NeedsBuildWithoutTorchAttribute : NeedsAttribute
{
    public override string? Missing => File.Exists(Path.Combine(AppContext.BaseDirectory, "NasCluster.Torch.dll")) ? "This build has the engine torch." : null;
}
