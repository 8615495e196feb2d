using NasCluster.Core;
using NasCluster.Core.SuperNetworks;
using NasCluster.Llama.Training;
using NasCluster.Testing;
using NasCluster.Torch.Training;
using static TorchSharp.torch;

namespace NasCluster.Torch.Tests.Training;

/// <summary>Steps of the Torch engine beside those of the CPU engine, on what a sandwich step with two teachers is made of.</summary>
[NeedsTorch]
public sealed class TorchTrainingEngineTests
{
    private const double Rate = 0.02;

    private static readonly LlamaConfiguration Configuration = TrainingCases.Grouped(tied: false);

    private static readonly TrainingRunOptions Options = new()
    {
        BatchTokens = 50,
        TrueShare = 0.4,
        TeacherShare = 0.3,
        Sampling = SamplingRule.Sandwich,
        AdamW = new AdamWOptions { WeightDecay = 0.2 },
    };

    [ContractFact]
    public void Gradient_EveryOptimiser_HasTheLossAndLengthOfTheCpuEngine()
    {
        var expected = WithEngine(new CpuTrainingEngineFactory(), e => e.Gradient(Batches()));
        foreach (var training in Ways())
        {
            var (loss, norm) = WithEngine(TorchTraining.Engines(training), e => e.Gradient(Batches()));

            // Of means over a hundred tokens and of sums of squares, in float32.
            Assert.Equal(expected.Loss, loss, 1e-5);
            Assert.Equal(1, norm / expected.Norm, 1e-4);
        }
    }

    /// <summary>Fused with the way back or not, a step is the gradient times its rate, with what weight decay takes from matrices.</summary>
    [ContractFact]
    public void Update_Lomo_IsTheStepOfTheWholeGradient()
    {
        const float Scale = 0.25f;
        var gradients = CpuGradients();
        using var before = RandomCheckpoint.Make(Configuration, 1);
        var weights = WithEngine(TorchTraining.Engines(new TorchTrainingOptions { Optimiser = TrainingOptimiser.Lomo }), engine =>
        {
            engine.Gradient(Batches());
            engine.Update(Rate, Scale);
            return engine.Weights;
        });
        foreach (var (old, (now, gradient)) in ParameterSet.Copy(before).Tensors.Zip(weights.Tensors.Zip(gradients.Tensors)))
        {
            var decay = old.Rows > 1 ? 1 - (Rate * Options.AdamW.WeightDecay) : 1;
            var largest = gradient.Values.Max(Math.Abs);
            for (var i = 0; i < old.Values.Length; i++)
            {
                // The gradient's own tolerance, and the rounding of a weight of order one.
                Assert.Equal((old.Values[i] * decay) - (Rate * Scale * gradient.Values[i]), now.Values[i], (1e-4 * Rate * largest) + 3e-7);
            }
        }
    }

    [ContractFact]
    public void Update_AdamW_TakesTheStepsOfTheCpuEngine()
    {
        var expected = Losses(new CpuTrainingEngineFactory());
        foreach (var recompute in new[] { false, true })
        {
            // A weight whose gradient is all rounding goes its own way by up to the rate, which changes a mean loss but little.
            Assert.All(expected.Zip(Losses(TorchTraining.Engines(new TorchTrainingOptions { Recompute = recompute }))), pair => Assert.Equal(pair.First, pair.Second, 2e-4));
        }

        static double[] Losses(ITrainingEngineFactory engines) => WithEngine(engines, engine => Enumerable.Range(0, 6).Select(_ =>
        {
            var loss = engine.Gradient(Batches()).Loss;
            engine.Update(Rate, 0.5f);
            return loss;
        }).ToArray());
    }

    /// <summary>A gradient that is rows times columns has such squares too, so its first step is the sign of each, as Adam's is.</summary>
    [ContractFact]
    public void Update_FactoredGradientOfRankOne_GoesByTheRateInEveryPlace()
    {
        using var scope = NewDisposeScope();
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        using var parameters = new TorchParameters(checkpoint, ScalarType.Float32, CPU);
        using var optimiser = TorchOptimiser.Create(TrainingOptimiser.Factored, parameters, Options with { AdamW = new AdamWOptions { WeightDecay = 0 } });
        const int Query = 2;
        var weight = parameters.Tensors[Query];
        var before = weight.detach().clone();
        var gradient = linspace(-3, 3, weight.shape[0]).unsqueeze(1) * linspace(0.1, 2, weight.shape[1]).unsqueeze(0);
        optimiser.Begin(Rate, 1f);
        optimiser.Update(Query, gradient.clone());
        var change = (before - weight.detach()) / Rate;
        Assert.True(allclose(change, gradient.sign(), 1e-3, 1e-3));
    }

    [ContractFact]
    public void StepAndDispose_LeaveNoTensor()
    {
        var before = Tensor.TotalCount;
        foreach (var training in Ways())
        {
            WithEngine(TorchTraining.Engines(training), engine =>
            {
                var counts = Enumerable.Range(0, 3).Select(_ =>
                {
                    engine.Gradient(Batches());
                    engine.Update(Rate, 1f);
                    engine.Loss(Configuration.FullArchitecture, TrainingCases.Sequences(Configuration, 1, 9));
                    engine.State(TrainingProgress.Start);
                    return Tensor.TotalCount;
                }).ToArray();
                return Assert.Single(counts.Distinct());
            });
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [ContractFact]
    public void Restore_StateOfAnotherOptimiser_SaysWhatIsMissing()
    {
        var state = WithEngine(TorchTraining.Engines(new TorchTrainingOptions { Optimiser = TrainingOptimiser.Lomo }), e => e.State(TrainingProgress.Start));
        var failure = Assert.Throws<NasClusterException>(() => WithEngine(TorchTraining.Engines(new TorchTrainingOptions()), engine =>
        {
            engine.Restore(state);
            return 0;
        }));
        Assert.StartsWith("The saved training state has no adam.first.model.embed_tokens.weight", failure.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public void Create_HalfPrecision_SaysWhatIsTrained()
    {
        var half = TorchTraining.Engines(new TorchTrainingOptions { Engine = new TorchEngineOptions { Precision = TorchPrecision.Float16 } });
        Assert.Contains("float32 or bfloat16", Assert.Throws<NasClusterException>(() => WithEngine(half, e => 0)).Message, StringComparison.Ordinal);
    }

    private static TorchTrainingOptions[] Ways() =>
    [
        new(),
        new() { Recompute = true },
        new() { Optimiser = TrainingOptimiser.Factored },
        new() { Optimiser = TrainingOptimiser.Lomo, Engine = new TorchEngineOptions { Attention = TorchAttention.Plain, LogitValues = 100 } },
    ];

    private static StepBatch[] Batches() => StepPlan.Of(
        Options,
        Configuration.FullArchitecture,
        [Configuration.FullArchitecture, TrainingCases.Narrow(Configuration)],
        [[.. TrainingCases.Sequences(Configuration, 1, 40, 9, 33)], [.. TrainingCases.Sequences(Configuration, 2, 12, 30)]]);

    private static ParameterSet CpuGradients()
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        using var other = RandomCheckpoint.Make(Configuration, 2);
        using var network = new TrainableNetwork(checkpoint);
        using var teacher = new TrainableNetwork(other);
        using var largest = new TokenDistributions();
        using var taught = new TokenDistributions();
        var gradients = ParameterSet.Zero(Configuration);
        foreach (var batch in Batches())
        {
            teacher.Loss(Configuration.FullArchitecture, batch.Sequences, taught);
            network.LossAndGradients(batch.Losses[0].Architecture, batch.Sequences, gradients, batch.Losses[0].Weight, new LossTerms { Teacher = taught, SoftShare = batch.Losses[0].SoftShare, Record = largest });
            largest.Mix(taught, batch.TeacherShare);
            network.LossAndGradients(batch.Losses[1].Architecture, batch.Sequences, gradients, batch.Losses[1].Weight, new LossTerms { Teacher = largest, SoftShare = batch.Losses[1].SoftShare });
        }

        return gradients;
    }

    private static T WithEngine<T>(ITrainingEngineFactory engines, Func<ITrainingEngine, T> use)
    {
        using var checkpoint = RandomCheckpoint.Make(Configuration, 1);
        using var teacher = RandomCheckpoint.Make(Configuration, 2);
        using var engine = engines.Create(checkpoint, teacher, Options);
        return use(engine);
    }
}
