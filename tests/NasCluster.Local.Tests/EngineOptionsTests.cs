namespace NasCluster.Local.Tests;

public sealed class EngineOptionsTests
{
    [Theory]
    [InlineData("--device", "cuda")]
    [InlineData("--precision", "bfloat16")]
    public void Score_OptionOfAnotherEngine_IsRefused(string option, string value)
    {
        using var model = new SmallModel();
        var result = Nas.Run("score", "--model", model.ModelPath, "--text", model.TextPath, option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{option} is for --engine torch", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("score", "--format", "json")]
    [InlineData("search", "--out", "run")]
    public void EngineThatThisBuildLacks_SaysHowToBuildIt(string command, string option, string value)
    {
        using var model = new SmallModel();
        var result = Nas.Run(command, "--model", model.ModelPath, "--text", model.TextPath, option, option == "--out" ? model.At(value) : value, "--engine", "torch");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Equal("nas: This nas was built without the engine torch; build it with -c Cluster (and -p:Torch=cuda for graphics cards).\n", result.Errors);
    }
}
