using NasCluster.Core.Architectures;

namespace NasCluster.Llama.Cpu;

/// <summary>Architectures as a tree of their layers: what they begin with in common is computed once.</summary>
internal sealed class ArchitectureNode
{
    private readonly List<ArchitectureNode> _children = [];
    private readonly List<int> _endsHere = [];

    private ArchitectureNode(LayerArchitecture? layer) => Layer = layer;

    /// <summary>The layer that leads here; none at the root.</summary>
    public LayerArchitecture? Layer { get; }

    /// <summary>What comes next, one for each different layer.</summary>
    public IReadOnlyList<ArchitectureNode> Children => _children;

    /// <summary>The architectures, by place, whose last layer this is.</summary>
    public IReadOnlyList<int> EndsHere => _endsHere;

    /// <summary>The root of the tree of these architectures.</summary>
    public static ArchitectureNode Build(IReadOnlyList<Architecture> architectures)
    {
        var root = new ArchitectureNode(null);
        for (var i = 0; i < architectures.Count; i++)
        {
            var node = root;
            foreach (var layer in architectures[i].Layers)
            {
                node = node.Next(layer);
            }

            node._endsHere.Add(i);
        }

        return root;
    }

    private ArchitectureNode Next(LayerArchitecture layer)
    {
        var child = _children.Find(c => c.Layer == layer);
        if (child is null)
        {
            child = new ArchitectureNode(layer);
            _children.Add(child);
        }

        return child;
    }
}
