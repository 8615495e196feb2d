using NasCluster.Llama.Training;
using NasCluster.Testing;
using NasCluster.Torch.Training;

namespace NasCluster.Torch.Tests.Training;

[NeedsTorch]
public sealed class TorchTrainingRunTests : TrainingRunContract
{
    // The CPU engine's runs take all recipes; each of these reaches another way of learning from others.
    protected override TrainingRunOptions[] Recipes => [base.Recipes[2], base.Recipes[6]];

    protected override ITrainingEngineFactory Engines(int variant) =>
        TorchTraining.Engines(new TorchTrainingOptions { Recompute = variant % 2 == 1 });
}

[NeedsTorch]
public sealed class TorchFactoredTrainingRunTests : TrainingRunContract
{
    protected override TrainingRunOptions[] Recipes => [base.Recipes[5]];

    protected override ITrainingEngineFactory Engines(int variant) =>
        TorchTraining.Engines(new TorchTrainingOptions { Optimiser = TrainingOptimiser.Factored });
}

[NeedsTorch]
public sealed class TorchLomoTrainingRunTests : TrainingRunContract
{
    // Plain descent has the gradient's own length, which clipping keeps at 1.
    protected override double LearningRate => 0.3;

    protected override TrainingRunOptions[] Recipes => [base.Recipes[4]];

    protected override ITrainingEngineFactory Engines(int variant) =>
        TorchTraining.Engines(new TorchTrainingOptions { Optimiser = TrainingOptimiser.Lomo });
}

/// <summary>LOMO with weights in bfloat16: most steps of a weight are less than it tells apart, and still it learns.</summary>
[NeedsTorch]
public sealed class TorchBrainFloatTrainingRunTests : TrainingRunContract
{
    protected override double LearningRate => 0.3;

    // Activations have 8 bits: some 4e-3 a token, and fewer of a mean.
    protected override double RoundingTolerance => 1e-2;

    protected override TrainingRunOptions[] Recipes => [base.Recipes[4]];

    protected override ITrainingEngineFactory Engines(int variant) => TorchTraining.Engines(new TorchTrainingOptions
    {
        Engine = new TorchEngineOptions { Precision = TorchPrecision.Bfloat16 },
        Optimiser = TrainingOptimiser.Lomo,
    });
}
