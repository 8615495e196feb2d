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

    [Fact]
    public void Train_OptimiserOfAnotherEngine_IsRefused()
    {
        using var model = new SmallModel();
        var result = Nas.Run("train", "--model", model.ModelPath, "--data", model.TextPath, "--steps", "1", "--optimiser", "lomo", "--out", model.At("trained"));
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Equal("nas: --optimiser is lomo; the CPU engine has adamw alone, the others need --engine torch.\n", result.Errors);
        Assert.False(Path.Exists(model.At("trained")));
    }
}
