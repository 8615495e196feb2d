using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Training;
using NasCluster.Testing;

namespace NasCluster.Llama.Tests.Training;

public sealed class TrainingMemoryTests
{
    private const long CardBytes = 80_000_000_000;

    private static readonly LlamaConfiguration Llama7B = new()
    {
        VocabularySize = 32000,
        HiddenSize = 4096,
        HeadSize = 128,
        QueryHeadsPerKvHead = 1,
        Layers = [.. Enumerable.Repeat(new LlamaLayerShape(32, 11008), 32)],
        MaximumPositions = 4096,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbeddings = false,
    };

    [Fact]
    public void Of_AdamWInSingle_HasGradientsAndTwoAveragesForEachWeight()
    {
        // 13 x 10 embedding and head, 10 of the norm; in each of 3 layers 10 + 10 of norms, 24 + 12 + 12 + 24 rows or columns of heads, 3 x 17 of the MLP.
        const long Parameters = (2 * 130) + 10 + (3 * (20 + ((24 + 12 + 12 + 24 + 51) * 10)));
        var memory = TrainingMemory.Of(TrainingCases.Grouped(tied: false), new TrainingMemoryPlan { WeightBytes = 4, Optimiser = TrainingOptimiser.AdamW, BatchRows = 7 });
        Assert.Equal(4 * Parameters, memory.Weights);
        Assert.Equal(4 * Parameters, memory.Gradients);
        Assert.Equal(8 * Parameters, memory.Averages);
        Assert.Equal(0, memory.Teacher);

        // A token in a layer: twice three vectors of 10, five of 24 channels and four of 17, each in float32; and three streams besides.
        Assert.Equal(7 * 4 * ((3 * (60 + 120 + 68)) + 30), memory.Activations);
    }

    [Fact]
    public void Of_FusedWithASandwich_KeepsInputsOfEveryPassAndGradientsOfOneLayer()
    {
        var plan = new TrainingMemoryPlan { WeightBytes = 2, Optimiser = TrainingOptimiser.Factored, BatchRows = 7, Passes = 4, Teacher = TrainingCases.Grouped(tied: true), Distributions = 2 };
        var memory = TrainingMemory.Of(TrainingCases.Grouped(tied: false), plan);
        Assert.Equal(2 * (130 + 10 + (3 * 1250)), memory.Teacher);
        Assert.Equal(4 * (260 + 10 + 1250), memory.Gradients);

        // Rows and columns: two of 13 x 10; 7 vectors of 10; in each layer 24, 12, 12, 24 and three times 17, each by 10.
        Assert.Equal(4 * ((2 * 23) + 70 + (3 * (34 + 22 + 22 + 34 + (3 * 27)))), memory.Averages);
        Assert.Equal((4 * 7 * 10 * 2 * (3 + 3)) + (2 * 7 * 13 * 4), memory.Activations);
    }

    [Fact]
    public void Of_Llama7BInBrainFloat_FitsOneCardUnlessAllGradientsAndAveragesAreHeld()
    {
        TrainingMemory Memory(TrainingOptimiser optimiser) => TrainingMemory.Of(
            Llama7B, new TrainingMemoryPlan { WeightBytes = 2, Optimiser = optimiser, Recompute = true, BatchRows = 4096, Passes = 4, Teacher = Llama7B, Distributions = 3 });
        Assert.InRange(Memory(TrainingOptimiser.Lomo).Total, 2 * 13_476_831_232, CardBytes / 2);
        Assert.InRange(Memory(TrainingOptimiser.Factored).Total, 2 * 13_476_831_232, CardBytes / 2);
        Assert.True(Memory(TrainingOptimiser.AdamW).Total > CardBytes);
    }

    [Fact]
    public void ToString_Llama7B_SaysTheParts()
    {
        var memory = TrainingMemory.Of(Llama7B, new TrainingMemoryPlan { WeightBytes = 2, Optimiser = TrainingOptimiser.Lomo, BatchRows = 2048 });
        Assert.StartsWith("16.96 GB: weights 13.48, averages 0.00, gradients 1.86, activations 0.59, working ", memory.ToString(), StringComparison.Ordinal);
    }
}
