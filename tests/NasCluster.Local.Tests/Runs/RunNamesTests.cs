using System.Diagnostics;
using NasCluster.Local.Runs;
using NasCluster.Testing;

namespace NasCluster.Local.Tests.Runs;

public sealed class RunNamesTests
{
    [Theory]
    [InlineData("/models/stories260K/stories260K.bin", "stories260K")]
    [InlineData("/models/Llama-2-7b-hf/", "Llama-2-7b-hf")]
    [InlineData("/models/v1.1", "v1.1")]
    [InlineData("A.BIN", "A")]
    [InlineData("/models/.bin", "/models/.bin")]
    [InlineData("/", "/")]
    public void Model_APath_IsItsLastPart(string path, string expected) => Assert.Equal(expected, RunNames.Model(path));

    [Fact]
    public void Quote_PlainPath_StaysAsItIs() => Assert.Equal("../runs/first_1.2-b", RunNames.Quote("../runs/first_1.2-b"));

    [Theory]
    [InlineData("")]
    [InlineData("my run")]
    [InlineData("it's")]
    [InlineData("'")]
    [InlineData("$HOME `ls` \\ \"x\" ; & | * ? ~ ! # ()<>")]
    [InlineData("two\nlines\tand a tab")]
    [InlineData("läufe/ä b")]
    public void Quote_AnyPath_IsOneWordToAShell(string path)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"printf '%s|' {RunNames.Quote(path)}");
        using var shell = Process.Start(start)!;
        Assert.Equal($"{path}|", shell.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void NextDirectory_SomeTaken_IsTheNumberAfterTheGreatest()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(directory.At("runs/1"), RunNames.NextDirectory(directory.At("runs")));
        foreach (var taken in new[] { "1", "12", "notes", "3x" })
        {
            Directory.CreateDirectory(directory.At($"runs/{taken}"));
        }

        Assert.Equal(directory.At("runs/13"), RunNames.NextDirectory(directory.At("runs")));
    }
}
