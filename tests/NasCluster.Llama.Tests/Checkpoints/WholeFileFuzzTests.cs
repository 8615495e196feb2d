using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Testing;
using NasCluster.Testing.Fuzzing;
using Xunit.Abstractions;

namespace NasCluster.Llama.Tests.Checkpoints;

/// <summary>Damaged files on disk, opened and read to the end, so that a wrong offset would leave the mapping. A few thousand at most: each is a file.</summary>
public class WholeFileFuzzTests(ITestOutputHelper output)
{
    private const int Most = 5000;

    private static readonly LlamaConfiguration Masked =
        SmallNetworks.Configuration(true, new(2, 10, ChannelSelection.Set([0, 2])), new(0, 7), new(1, 0, ChannelSelection.Leading(1))) with { HasOutputBiases = true };

    [Fact]
    public void Open_MutatedLlama2cFiles_ReadsOrRefuses()
    {
        using var folder = new TemporaryDirectory();
        byte[][] seeds =
        [
            SmallNetworks.Llama2cFile(SmallNetworks.Random(SmallNetworks.Configuration(tied: true))),
            SmallNetworks.Llama2cFile(SmallNetworks.Random(SmallNetworks.Configuration(tied: false))),
        ];
        Run(seeds, folder.At("model.bin"), folder.At("model.bin"));
    }

    [Fact]
    public void Open_MutatedSafetensors_ReadsOrRefuses()
    {
        using var folder = new TemporaryDirectory();
        HuggingFaceDirectory.Write(SmallNetworks.Random(SmallNetworks.Configuration(tied: true)), folder.At("m"), WeightType.BFloat16);
        Run([File.ReadAllBytes(folder.At("m/model.safetensors"))], folder.At("m/model.safetensors"), folder.At("m"));
    }

    [Fact]
    public void Open_MutatedConfig_ReadsOrRefuses()
    {
        using var folder = new TemporaryDirectory();
        var unequal = SmallNetworks.Configuration(false, new(2, 10), new(0, 7), new(1, 0));
        HuggingFaceDirectory.Write(SmallNetworks.Random(unequal), folder.At("m"));
        Run([File.ReadAllBytes(folder.At("m/config.json"))], folder.At("m/config.json"), folder.At("m"));
    }

    [Fact]
    public void Open_MutatedConfigOfMaskedHeadsAndBiases_ReadsOrRefuses()
    {
        using var folder = new TemporaryDirectory();
        HuggingFaceDirectory.Write(SmallNetworks.Random(Masked), folder.At("m"));
        Run([File.ReadAllBytes(folder.At("m/config.json"))], folder.At("m/config.json"), folder.At("m"));
    }

    [Fact]
    public void Open_MutatedSafetensorsOfMaskedHeadsAndBiases_ReadsOrRefuses()
    {
        using var folder = new TemporaryDirectory();
        HuggingFaceDirectory.Write(SmallNetworks.Random(Masked), folder.At("m"), WeightType.BFloat16);
        Run([File.ReadAllBytes(folder.At("m/model.safetensors"))], folder.At("m/model.safetensors"), folder.At("m"));
    }

    private void Run(byte[][] seeds, string file, string model)
    {
        var options = new FuzzOptions();
        output.WriteLine(Fuzzer.Run(seeds, bytes => OpenAndRead(bytes, file, model), options with { Count = Math.Min(options.Count / 10, Most), AllocationAllowance = 4 << 20 }).ToString());
    }

    private static void OpenAndRead(byte[] bytes, string file, string model)
    {
        File.WriteAllBytes(file, bytes);
        using var checkpoint = LlamaCheckpoints.Open(model);
        Assert.Equal(64, checkpoint.Fingerprint.Length);
    }
}
