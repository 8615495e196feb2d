using NasCluster.Core;

namespace NasCluster.Llama.Training;

/// <summary>How a network is trained. Together with the network, the data and the space it decides every bit of the result.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>Optimiser steps, at least 1.</summary>
    public long Steps { get; init; } = 1000;

    /// <summary>Tokens to predict in a batch, at least 1: a batch takes sequences until it has so many.</summary>
    public int BatchTokens { get; init; } = 2048;

    /// <summary>Batches whose gradients make one step, at least 1.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>The highest learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Steps in which the learning rate rises, fewer than <see cref="Steps"/>.</summary>
    public long WarmUpSteps { get; init; } = 50;

    /// <summary>The last step's part of the highest learning rate, in [0, 1].</summary>
    public double FinalLearningRateShare { get; init; } = 0.1;

    /// <summary>Longest gradient: a longer one is scaled down to it. Infinite: never.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The optimiser.</summary>
    public AdamWOptions AdamW { get; init; } = new();

    /// <summary>Which sub-networks a step trains.</summary>
    public SamplingRule Sampling { get; init; }

    /// <summary>Random sub-networks in a step, where the rule has several, at least 1. Null: two for the sandwich, one otherwise.</summary>
    public int? RandomSubNetworks { get; init; }

    /// <summary>The true tokens' part of the loss, in [0, 1]: a in InstaTune's loss (arXiv 2308.15609). 1 leaves distillation out.</summary>
    public double TrueShare { get; init; } = 1;

    /// <summary>
    /// The fixed teacher's part of what is distilled, in [0, 1]: g in InstaTune's loss. The rest of it is what sub-networks learn from the
    /// largest. Above 0 only where there is such a teacher.
    /// </summary>
    public double TeacherShare { get; init; }

    /// <summary>Decides the order of the data and the sub-networks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Sub-networks that a step trains at most.</summary>
    internal int NetworksInAStep => Sampling switch
    {
        SamplingRule.Sandwich => 2 + RandomCount,
        SamplingRule.Uniform => 1 + RandomCount,
        _ => 1,
    };

    /// <summary><see cref="RandomSubNetworks"/>, or what it is by default.</summary>
    internal int RandomCount => RandomSubNetworks ?? (Sampling == SamplingRule.Sandwich ? 2 : 1);

    /// <summary>Everything wrong with the options, each as one sentence; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Check(Steps is >= 1 and <= 1_000_000_000_000, nameof(Steps), Steps, "be in [1, 10^12]");
        Check(BatchTokens >= 1, nameof(BatchTokens), BatchTokens, "be at least 1");
        Check(Accumulate is >= 1 and <= 1_000_000, nameof(Accumulate), Accumulate, "be in [1, 10^6]");
        Check(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "be finite and above 0");
        Check(WarmUpSteps >= 0 && WarmUpSteps < Steps, nameof(WarmUpSteps), WarmUpSteps, $"be in [0, {Steps - 1}], below Steps");
        Check(FinalLearningRateShare is >= 0 and <= 1, nameof(FinalLearningRateShare), FinalLearningRateShare, "be in [0, 1]");
        Check(ClipNorm > 0, nameof(ClipNorm), ClipNorm, "be above 0");
        Check(AdamW.Beta1 is >= 0 and < 1, nameof(AdamW.Beta1), AdamW.Beta1, "be in [0, 1)");
        Check(AdamW.Beta2 is >= 0 and < 1, nameof(AdamW.Beta2), AdamW.Beta2, "be in [0, 1)");
        Check(AdamW.Epsilon > 0 && double.IsFinite(AdamW.Epsilon), nameof(AdamW.Epsilon), AdamW.Epsilon, "be finite and above 0");
        Check(AdamW.WeightDecay is >= 0 and <= 1, nameof(AdamW.WeightDecay), AdamW.WeightDecay, "be in [0, 1]");
        Check(RandomSubNetworks is null or >= 1 and <= 1000, nameof(RandomSubNetworks), RandomSubNetworks, "be in [1, 1000]");
        Check(TrueShare is >= 0 and <= 1, nameof(TrueShare), TrueShare, "be in [0, 1]");
        Check(TeacherShare is >= 0 and <= 1, nameof(TeacherShare), TeacherShare, "be in [0, 1]");
        return problems;

        void Check(bool holds, string name, object? value, string rule)
        {
            if (!holds)
            {
                problems.Add(FormattableString.Invariant($"{name} is {value}; it must {rule}."));
            }
        }
    }

    /// <exception cref="NasClusterException">Something is wrong with the options; the message names all of it.</exception>
    internal void Require()
    {
        if (Problems() is { Count: > 0 } problems)
        {
            throw new NasClusterException(string.Join(" ", problems));
        }
    }
}
