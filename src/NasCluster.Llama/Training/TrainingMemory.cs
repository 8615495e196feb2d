using System.Globalization;
using NasCluster.Core.SuperNetworks;

namespace NasCluster.Llama.Training;

/// <summary>What a training on a device holds there at its fullest, in bytes, by formula: what can be known before it starts.</summary>
/// <remarks>
/// What the library takes for itself is not in it: a context of some hundred megabytes, the working space of its matrix products, and what
/// its allocator cannot use between tensors.
/// </remarks>
/// <param name="Weights">The network's.</param>
/// <param name="Teacher">The fixed teacher's weights.</param>
/// <param name="Averages">The optimiser's, in float32.</param>
/// <param name="Gradients">Sums of gradients in float32: all of them, or with a fused optimiser those of one layer, the embedding and the head.</param>
/// <param name="Activations">What is kept of the way forward: with recomputation the input of each layer.</param>
/// <param name="Working">The most that is there for a while: one layer computed again and its fresh gradients, logits of a portion, or one tensor's update.</param>
public sealed record TrainingMemory(long Weights, long Teacher, long Averages, long Gradients, long Activations, long Working)
{
    private const int Single = sizeof(float);

    /// <summary>All of it.</summary>
    public long Total => Weights + Teacher + Averages + Gradients + Activations + Working;

    /// <summary>Computes it.</summary>
    /// <param name="configuration">The network.</param>
    /// <param name="plan">How it is trained.</param>
    public static TrainingMemory Of(LlamaConfiguration configuration, TrainingMemoryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(plan);
        var sizes = new TrainingTensorSizes(configuration);
        var isFused = plan.Optimiser != TrainingOptimiser.AdamW;
        var rows = (long)plan.BatchRows;
        var stream = rows * configuration.HiddenSize * plan.WeightBytes;
        var layers = configuration.Layers.Select(l => rows * new LayerRow(configuration, l, plan.WeightBytes).Kept).ToArray();
        var kept = isFused || plan.Recompute ? stream * layers.Length : layers.Sum();
        var busiest = configuration.Layers.Select(l => rows * new LayerRow(configuration, l, plan.WeightBytes).Fleeting).DefaultIfEmpty().Max();
        var again = isFused || plan.Recompute ? layers.DefaultIfEmpty().Max() : 0;

        // Fresh gradients have the weights' number format until they are added to the sums.
        var layer = again + busiest + (sizes.LargestLayer * plan.WeightBytes);
        var portion = Math.Min(rows, Math.Max(1, plan.LogitValues / configuration.VocabularySize));
        var logits = (portion * configuration.VocabularySize * ((4 * Single) + (2 * plan.WeightBytes))) + (sizes.Head * plan.WeightBytes);
        var temporaries = plan.Optimiser switch { TrainingOptimiser.AdamW => 2, TrainingOptimiser.Factored => 4, _ => 0 };

        // Weights of fewer bits are changed as a copy in float32.
        var update = sizes.Largest * Single * (temporaries + (plan.WeightBytes < Single ? 1 : 0));
        return new TrainingMemory(
            sizes.All * plan.WeightBytes,
            plan.Teacher is { } teacher ? new TrainingTensorSizes(teacher).All * plan.WeightBytes : 0,
            Single * (plan.Optimiser switch { TrainingOptimiser.AdamW => 2 * sizes.All, TrainingOptimiser.Factored => sizes.Factors, _ => 0 }),
            Single * (isFused ? sizes.Outside + sizes.LargestLayer : sizes.All),

            // The stream after the last layer and its gradient are there besides, and a fused optimiser has all passes of a step at once.
            ((kept + (3 * stream)) * (isFused ? plan.Passes : 1)) + (plan.Distributions * rows * configuration.VocabularySize * Single),
            Math.Max(Math.Max(layer, logits), update));
    }

    /// <summary>As one line, in decimal gigabytes.</summary>
    public override string ToString()
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Of(Total)} GB: weights {Of(Weights + Teacher)}, averages {Of(Averages)}, gradients {Of(Gradients)}, activations {Of(Activations)}, working {Of(Working)}");

        static string Of(long bytes) => (bytes / 1e9).ToString("F2", CultureInfo.InvariantCulture);
    }
}
