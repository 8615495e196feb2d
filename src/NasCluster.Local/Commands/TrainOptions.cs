using System.CommandLine;
using NasCluster.Llama.Training;

namespace NasCluster.Local.Commands;

/// <summary>The options of <c>nas train</c> that say how to train, and what they mean together.</summary>
internal sealed class TrainOptions
{
    private readonly Option<int?> _steps = OptionKinds.WholeNumber("--steps", 1, int.MaxValue, "Optimiser steps. Default: 1000.");
    private readonly Option<int?> _batchTokens = OptionKinds.WholeNumber("--batch-tokens", 1, 1 << 24, "Tokens to predict in a batch. Default: 2048.");
    private readonly Option<int?> _accumulate = OptionKinds.WholeNumber("--accumulate", 1, 1 << 20, "Batches whose gradients make one step. Default: 1.");
    private readonly Option<double?> _rate = OptionKinds.Number("--learning-rate", 1e-12, 100, "The highest learning rate. Default: 0.001.");
    private readonly Option<int?> _warmUp = OptionKinds.WholeNumber("--warm-up", 0, int.MaxValue, "Steps in which the learning rate rises. Default: a twentieth of all.");
    private readonly Option<double?> _finalShare = OptionKinds.Number("--final-rate", 0, 1, "The last step's part of the highest learning rate. Default: 0.1.");
    private readonly Option<double?> _clip = OptionKinds.Number("--clip", 1e-12, 1e30, "Longest gradient; a longer one is scaled down. Default: 1.");
    private readonly Option<double?> _decay = OptionKinds.Number("--weight-decay", 0, 1, "AdamW's weight decay of matrices. Default: 0.1.");
    private readonly Option<double?> _beta2 = OptionKinds.Number("--beta2", 0, 0.999999, "How slowly AdamW forgets squared gradients. Default: 0.95.");

    private readonly Option<string> _sampling = OptionKinds.Word(
        "--sampling", "Sub-networks a step trains: none; the whole and a random one in turn; largest, random and smallest; largest and random.",
        "none", "alternating", "sandwich", "uniform");

    private readonly Option<int?> _random = OptionKinds.WholeNumber("--random", 1, 1000, "Random sub-networks in a step. Default: 2 with sandwich, else 1.");

    private readonly Option<double?> _trueShare = OptionKinds.Number(
        "--true-share", 0, 1, "The true tokens' part of the loss; the rest is distilled from the largest sub-network or a teacher. Default: 1.");

    private readonly Option<double?> _teacherShare = OptionKinds.Number("--teacher-share", 0, 1, "The teacher's part of what is distilled. Default: 1 with --teacher.");
    private readonly Option<int?> _seed = OptionKinds.WholeNumber("--seed", 0, int.MaxValue, "Seed of the order of the data and of the sub-networks. Default: 1.");

    public TrainOptions(Command command)
    {
        Option[] all =
        [
            _steps, _batchTokens, _accumulate, _rate, _warmUp, _finalShare, _clip, _decay, _beta2, _sampling, _random, _trueShare, _teacherShare, _seed,
        ];
        Array.ForEach(all, command.Add);
    }

    /// <summary>What was asked for.</summary>
    public TrainingRunOptions Read(ParseResult parsed, bool hasTeacher)
    {
        var defaults = new TrainingRunOptions();
        var steps = parsed.GetValue(_steps) ?? defaults.Steps;
        return defaults with
        {
            Steps = steps,
            BatchTokens = parsed.GetValue(_batchTokens) ?? defaults.BatchTokens,
            Accumulate = parsed.GetValue(_accumulate) ?? defaults.Accumulate,
            LearningRate = parsed.GetValue(_rate) ?? defaults.LearningRate,
            WarmUpSteps = parsed.GetValue(_warmUp) ?? steps / 20,
            FinalLearningRateShare = parsed.GetValue(_finalShare) ?? defaults.FinalLearningRateShare,
            ClipNorm = parsed.GetValue(_clip) ?? defaults.ClipNorm,
            AdamW = defaults.AdamW with
            {
                Beta2 = parsed.GetValue(_beta2) ?? defaults.AdamW.Beta2,
                WeightDecay = parsed.GetValue(_decay) ?? defaults.AdamW.WeightDecay,
            },
            Sampling = Enum.Parse<SamplingRule>(parsed.GetRequiredValue(_sampling), ignoreCase: true),
            RandomSubNetworks = parsed.GetValue(_random),
            TrueShare = parsed.GetValue(_trueShare) ?? defaults.TrueShare,
            TeacherShare = parsed.GetValue(_teacherShare) ?? (hasTeacher ? 1 : 0),
            Seed = (ulong)(parsed.GetValue(_seed) ?? 1),
        };
    }
}
