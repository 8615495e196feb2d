using NasCluster.Core.Search;
using NasCluster.Core.Spaces;
using NasCluster.Core.SuperNetworks;
using NasCluster.Evaluation.Costs;

namespace NasCluster.Pipeline.Pruning;

/// <summary>Where a search by widths begins that has one size in mind: all layers cut alike.</summary>
internal static class UniformStart
{
    /// <summary>The genome of all layers whose widths stand equally high among their choices, as high as the size allows; null if none is small enough.</summary>
    /// <param name="space">The space.</param>
    /// <param name="configuration">The network.</param>
    /// <param name="largest">The greatest number of the layers' weights.</param>
    public static Genome? Of(LlamaSpace space, LlamaConfiguration configuration, long largest)
    {
        var whole = space.LargestGenome.Genes;
        for (var steps = whole.Skip(1).Max(); steps >= 0; steps--)
        {
            var genome = space.Canonicalise(new Genome([whole[0], .. whole.Skip(1).Select(last => At(steps, last))]));
            if (CostModel.BlockParameters(configuration.Extract(space.Decode(genome))) <= largest)
            {
                return genome;
            }
        }

        return null;

        int At(int steps, int last) => last * steps / Math.Max(1, whole.Skip(1).Max());
    }
}
