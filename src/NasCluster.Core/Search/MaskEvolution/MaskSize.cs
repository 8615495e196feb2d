using NasCluster.Core.Spaces.Masks;

namespace NasCluster.Core.Search.MaskEvolution;

/// <summary>The size of a mask that changes bit by bit, kept up to date layer by layer: counting every bit anew takes too long at 7 B.</summary>
internal sealed class MaskSize
{
    private readonly MaskSpace _space;
    private readonly int[,] _counts;
    private readonly long[] _layers;

    public MaskSize(MaskSpace space, MaskCandidate candidate)
    {
        _space = space;
        _counts = new int[space.LayerCount, Enum.GetValues<MaskPart>().Length];
        _layers = new long[space.LayerCount];
        for (var layer = 0; layer < space.LayerCount; layer++)
        {
            if (!space.Stays(layer, candidate.Depth))
            {
                continue;
            }

            foreach (var part in (MaskPart[])[MaskPart.KvGroup, MaskPart.HeadPair, MaskPart.MlpChannel])
            {
                _counts[layer, (int)part] = space.SectionOf(layer, part) is { } section ? section.Of<bool>(candidate.Mask).Count(true) : space.WholeOf(layer, part);
            }

            Update(layer);
        }
    }

    /// <summary>Weights in the layers.</summary>
    public long Total { get; private set; }

    /// <summary>How many bits of a section are set.</summary>
    public int CountOf(MaskSection section) => _counts[section.Layer, (int)section.Part];

    /// <summary>Takes note that a section has so many bits more.</summary>
    public void Change(MaskSection section, int difference)
    {
        _counts[section.Layer, (int)section.Part] += difference;
        Update(section.Layer);
    }

    private void Update(int layer)
    {
        var size = _space.SizeOf(_counts[layer, (int)MaskPart.KvGroup], _counts[layer, (int)MaskPart.HeadPair], _counts[layer, (int)MaskPart.MlpChannel]);
        Total += size - _layers[layer];
        _layers[layer] = size;
    }
}
