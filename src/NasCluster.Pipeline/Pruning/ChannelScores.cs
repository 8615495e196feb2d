using System.Collections.Immutable;
using NasCluster.Core.Spaces;
using NasCluster.Core.Spaces.Masks;
using NasCluster.Llama.Pruning;

namespace NasCluster.Pipeline.Pruning;

/// <summary>What is known, before a search, of how much each channel matters: measured importance, or what a policy gradient made of it.</summary>
/// <param name="Importance">Of every layer, group, pair and channel; values are compared within a layer.</param>
/// <param name="StartMask">The mask that a policy gradient ended with, in the search's space of masks; empty where there was none.</param>
public sealed record ChannelScores(NetworkImportance Importance, ImmutableArray<bool> StartMask)
{
    /// <summary>In which order each layer's parts are kept.</summary>
    public ImmutableArray<ChannelOrder> Orders => [.. Importance.Layers.Select(l => new ChannelOrder(
        ChannelOrder.Falling(l.KvGroups), ChannelOrder.Falling(l.HeadPairs), ChannelOrder.Falling(l.MlpChannels)))];

    /// <summary>In which order layers and each layer's parts are kept.</summary>
    public MeasuredOrders MeasuredOrders => new(Importance.LayerOrder, Orders);

    /// <summary>The importance of each bit of a space of masks.</summary>
    public ImmutableArray<double> Of(MaskSpace space) => [.. space.Sections.SelectMany(s => s.Part switch
    {
        MaskPart.Layer => Importance.Layers.Select(l => l.Layer),
        MaskPart.KvGroup => Importance.Layers[s.Layer].KvGroups,
        MaskPart.HeadPair => Importance.Layers[s.Layer].HeadPairs,
        _ => Importance.Layers[s.Layer].MlpChannels,
    })];

    /// <summary>The same importance with a policy gradient's probabilities in the place of what was measured, wherever there are any.</summary>
    /// <param name="space">The space of masks that the probabilities are of.</param>
    /// <param name="probabilities">One for each bit.</param>
    /// <param name="startMask">The mask of the most probable bits, in the search's space; empty where the search is not one of masks.</param>
    public ChannelScores Refined(MaskSpace space, ImmutableArray<double> probabilities, ImmutableArray<bool> startMask)
    {
        var layers = Importance.Layers.ToArray();
        foreach (var section in space.Sections)
        {
            ImmutableArray<double> values = [.. probabilities.AsSpan().Slice(section.Start, section.Length)];
            if (section.Part == MaskPart.Layer)
            {
                var whole = TiesBroken(values, [.. Importance.Layers.Select(l => l.Layer)]);
                layers = [.. layers.Zip(whole, (l, v) => l with { Layer = v })];
                continue;
            }

            var layer = layers[section.Layer];
            layers[section.Layer] = section.Part switch
            {
                MaskPart.KvGroup => layer with { KvGroups = TiesBroken(values, layer.KvGroups) },
                MaskPart.HeadPair => layer with { HeadPairs = TiesBroken(values, layer.HeadPairs) },
                _ => layer with { MlpChannels = TiesBroken(values, layer.MlpChannels) },
            };
        }

        return new ChannelScores(Importance with { Layers = [.. layers] }, startMask);
    }

    // Many probabilities end at 0 or at 1, where what was measured has to tell them apart; elsewhere it must hardly count.
    private static ImmutableArray<double> TiesBroken(ImmutableArray<double> probabilities, ImmutableArray<double> measured)
    {
        const double weight = 1e-4;
        var values = probabilities.ToArray();
        var falling = ChannelOrder.Falling(measured);
        for (var place = 0; place < falling.Length; place++)
        {
            values[falling[place]] += weight * (falling.Length - place) / falling.Length;
        }

        return [.. values];
    }
}
