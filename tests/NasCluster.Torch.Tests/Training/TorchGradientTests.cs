using NasCluster.Core.Architectures;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Checkpoints;
using NasCluster.Llama.Training;
using NasCluster.Testing;
using NasCluster.Torch.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Tests.Training;

/// <summary>Gradients of the Torch engine beside those of the CPU engine, which are held to central differences of a network in double.</summary>
[NeedsTorch]
public sealed class TorchGradientTests
{
    /// <summary>
    /// Of a tensor's largest gradient. Both engines compute in float32 and sum the same products in other orders: some 1e-7 a product over
    /// a few hundred channels and tokens leaves some 1e-5 (2.1e-5 is the most that was seen, of stories260K), and elements near zero have no
    /// figures of their own to compare.
    /// </summary>
    private const double Tolerance = 1e-4;

    /// <summary>Nats a token: a loss is a mean over tokens of float32.</summary>
    private const double LossTolerance = 1e-5;

    private const string Stories = "models/stories260K/stories260K.bin";

    [ContractFact]
    public void LossAndGradients_FullNetworks_AgreeWithTheCpuEngine()
    {
        foreach (var tied in new[] { true, false })
        {
            using var checkpoint = RandomCheckpoint.Make(TrainingCases.Grouped(tied), 1);
            Agree(checkpoint, checkpoint.Configuration.FullArchitecture, TrainingCases.Sequences(checkpoint.Configuration, 1, 40, 3, 60, 2));
        }
    }

    [ContractFact]
    public void LossAndGradients_NarrowNetworks_AgreeWithTheCpuEngine()
    {
        foreach (var tied in new[] { true, false })
        {
            using var checkpoint = RandomCheckpoint.Make(TrainingCases.Grouped(tied), 2);
            Agree(checkpoint, TrainingCases.Narrow(checkpoint.Configuration), TrainingCases.Sequences(checkpoint.Configuration, 2, 33, 12));
        }
    }

    [ContractFact]
    public void LossAndGradients_LayersWithoutAttentionOrMlp_AgreeWithTheCpuEngine()
    {
        var configuration = TrainingCases.Grouped(tied: true) with
        {
            Layers = [new LlamaLayerShape(0, 13), new LlamaLayerShape(2, 0), new LlamaLayerShape(1, 9)],
        };
        using var checkpoint = RandomCheckpoint.Make(configuration, 3);
        Agree(checkpoint, configuration.FullArchitecture, TrainingCases.Sequences(configuration, 3, 20, 5));
        Agree(checkpoint, new Architecture([]), TrainingCases.Sequences(configuration, 4, 20));
    }

    [NeedsTorchFact(Stories)]
    public void LossAndGradients_Stories_AgreeWithTheCpuEngine()
    {
        using var checkpoint = LlamaCheckpoints.Open(SharedData.PathOf(Stories));
        var configuration = checkpoint.Configuration;
        var sequences = TrainingCases.Sequences(configuration, 5, 200, 17, 90);
        Agree(checkpoint, configuration.FullArchitecture, sequences);
        Agree(checkpoint, new Architecture([.. Enumerable.Range(0, 4).Select(i => new LayerArchitecture(i, ChannelSelection.Leading(1 + (i % 4)), ChannelSelection.Leading(40 + i)))]), sequences);
    }

    /// <summary>The CPU engine takes leading parts only: a sub-network of explicit sets is cut out for it, and its gradients are looked for where they were cut.</summary>
    [ContractFact]
    public void LossAndGradients_ExplicitSets_AreThoseOfTheNetworkCutOut()
    {
        var configuration = RandomCheckpoint.Configuration(3, 24, 4, 3, 2, 43, 61, tied: false);
        using var checkpoint = RandomCheckpoint.Make(configuration, 4);
        ChannelSelection groups = ChannelSelection.Set([0, 2]), channels = ChannelSelection.Set([1, 5, 6, 20, 42]);
        var architecture = new Architecture([new LayerArchitecture(0, groups, channels), new LayerArchitecture(2, ChannelSelection.Set([1]), ChannelSelection.Leading(9))]);
        using var cut = SubNetworkCheckpoint.Extract(checkpoint, architecture);
        var sequences = TrainingCases.Sequences(configuration, 6, 30, 8);
        using var cpu = new TrainableNetwork(cut);
        var alone = ParameterSet.Zero(cut.Configuration);
        var loss = cpu.LossAndGradients(cut.Configuration.FullArchitecture, sequences, alone);

        // What was cut out of numbered weights says which weight each of its own is.
        var numbered = ParameterSet.Copy(checkpoint);
        foreach (var tensor in numbered.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = i;
            }
        }

        using var numbers = SubNetworkCheckpoint.Extract(numbered.ToCheckpoint(), architecture);
        var expected = ParameterSet.Zero(configuration);
        var whole = expected.Tensors.ToDictionary(t => t.Name);
        foreach (var (place, gradient) in ParameterSet.Copy(numbers).Tensors.Zip(alone.Tensors))
        {
            var target = whole[place.Name.Replace("layers.1.", "layers.2.", StringComparison.Ordinal)];
            for (var i = 0; i < gradient.Values.Length; i++)
            {
                target.Values[(int)place.Values[i]] = gradient.Values[i];
            }
        }

        Agree(checkpoint, architecture, sequences, expected, loss, 1, null, 0);
    }

    [ContractFact]
    public void LossAndGradients_WithATeacher_AgreeWithTheCpuEngine()
    {
        const float SoftShare = 0.6f;
        var configuration = TrainingCases.Grouped(tied: true);
        using var checkpoint = RandomCheckpoint.Make(configuration, 5);
        using var other = RandomCheckpoint.Make(configuration, 6);
        var sequences = TrainingCases.Sequences(configuration, 7, 40, 3, 30);
        var narrow = TrainingCases.Narrow(configuration);
        using var cpuTeacher = new TrainableNetwork(other);
        using var taught = new TokenDistributions();
        cpuTeacher.Loss(configuration.FullArchitecture, sequences, taught);
        using var cpu = new TrainableNetwork(checkpoint);
        var expected = ParameterSet.Zero(configuration);
        var loss = cpu.LossAndGradients(narrow, sequences, expected, 1, new LossTerms { Teacher = taught, SoftShare = SoftShare });

        using var teacher = new TorchTrainableNetwork(other, new TorchEngineOptions());
        using var batch = new TorchBatch(sequences, teacher.Device);
        using var record = teacher.Distributions(batch);
        teacher.Loss(configuration.FullArchitecture, batch, record);
        Agree(checkpoint, narrow, sequences, expected, loss, 1, record, SoftShare);
    }

    private static void Agree(LlamaCheckpoint checkpoint, Architecture architecture, ScoringRequest[] sequences)
    {
        const float Weight = 0.7f;
        using var cpu = new TrainableNetwork(checkpoint);
        var expected = ParameterSet.Zero(checkpoint.Configuration);
        var loss = cpu.LossAndGradients(architecture, sequences, expected, Weight);
        Agree(checkpoint, architecture, sequences, expected, loss, Weight, null, 0);
    }

    private static void Agree(
        LlamaCheckpoint checkpoint, Architecture architecture, ScoringRequest[] sequences, ParameterSet expected, double loss, float weight, Tensor? teacher, float softShare)
    {
        foreach (var kept in new[] { Kept.Everything, Kept.Inputs })
        {
            using var torch = new TorchTrainableNetwork(checkpoint, new TorchEngineOptions { LogitValues = 100 });
            using var gradients = new TorchGradients(torch.Parameters);
            using var batch = new TorchBatch(sequences, torch.Device);
            using var pass = torch.Forward(architecture, batch, kept);
            var sum = torch.Head.LossAndGradients(pass, null, weight / batch.Scored, teacher, softShare, gradients);
            torch.Back([pass], gradients);
            TorchTrainableNetwork.End([pass], gradients);
            Assert.Equal(loss, sum / batch.Scored, LossTolerance);
            Assert.Equal(loss, torch.Loss(architecture, batch) / batch.Scored, LossTolerance);
            Close(expected, torch, gradients);
        }
    }

    private static void Close(ParameterSet expected, TorchTrainableNetwork network, TorchGradients gradients)
    {
        Assert.Equal(expected.Tensors.Length, network.Parameters.Tensors.Length);
        var (worst, name) = expected.Tensors.Select((t, i) => (Error(t.Values, gradients[i]), t.Name)).Max();
        Assert.True(worst <= Tolerance, $"{name}: off by {worst} of its largest gradient.");
    }

    private static double Error(float[] expected, Tensor? sum)
    {
        using var here = sum?.cpu();
        var actual = here?.data<float>().ToArray() ?? new float[expected.Length];
        var largest = expected.Max(Math.Abs);
        return expected.Zip(actual).Max(v => v.First == v.Second ? 0 : Math.Abs(v.First - v.Second) / largest);
    }
}
