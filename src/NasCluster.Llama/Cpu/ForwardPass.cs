namespace NasCluster.Llama.Cpu;

/// <summary>Runs one batch through a tree of architectures, depth first.</summary>
internal sealed unsafe class ForwardPass : IDisposable
{
    private readonly PackedNetwork _network;
    private readonly BufferPool _pool;
    private readonly TokenBatch _batch;
    private readonly LayerPass _layers;
    private readonly Workers _workers;
    private readonly nint _stride;
    private readonly CancellationToken _cancellation;

    public ForwardPass(PackedNetwork network, CpuKernels kernels, Workers workers, BufferPool pool, TokenBatch batch, CancellationToken cancellation)
    {
        _network = network;
        _pool = pool;
        _batch = batch;
        _workers = workers;
        _stride = LayerPass.Stride(network.Configuration.HiddenSize);
        _cancellation = cancellation;
        _layers = new LayerPass(network.Configuration, kernels, workers, pool, batch);
    }

    /// <summary>Runs the batch.</summary>
    /// <param name="tree">The architectures.</param>
    /// <param name="finish">Called with the residual stream wherever architectures end; it must not change it.</param>
    public void Run(ArchitectureNode tree, Action<ArchitectureNode, AlignedBuffer> finish)
    {
        var hidden = _pool.Rent(_batch.Panels * _stride);
        try
        {
            Embed(hidden);
            Visit(tree, hidden, finish);
        }
        finally
        {
            _pool.Return(hidden);
        }
    }

    public void Dispose() => _layers.Dispose();

    private void Visit(ArchitectureNode node, AlignedBuffer hidden, Action<ArchitectureNode, AlignedBuffer> finish)
    {
        if (node.EndsHere.Count > 0)
        {
            finish(node, hidden);
        }

        // All children but the last work on a copy; so at most one buffer for each layer is ever needed.
        for (var i = 0; i < node.Children.Count; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (i == node.Children.Count - 1)
            {
                Descend(node.Children[i], hidden, finish);
                return;
            }

            var copy = _pool.Rent(_batch.Panels * _stride);
            try
            {
                var bytes = _batch.Panels * _stride * sizeof(float);
                Buffer.MemoryCopy(hidden.Data, copy.Data, bytes, bytes);
                Descend(node.Children[i], copy, finish);
            }
            finally
            {
                _pool.Return(copy);
            }
        }
    }

    private void Descend(ArchitectureNode child, AlignedBuffer hidden, Action<ArchitectureNode, AlignedBuffer> finish)
    {
        using (var layer = _network.Layers[child.Layer!.SourceLayer].Select(child.Layer, _pool))
        {
            _layers.Run(layer, hidden);
        }

        Visit(child, hidden, finish);
    }

    private void Embed(AlignedBuffer hidden)
    {
        var channels = _network.Configuration.HiddenSize;
        _workers.Run(_batch.Panels, 0, (panel, _) =>
        {
            var destination = hidden.Data + (panel * _stride);
            for (var lane = 0; lane < TokenBatch.Lanes; lane++)
            {
                // Lanes beyond the last row hold its token, so that they hold numbers.
                var row = Math.Min((panel * TokenBatch.Lanes) + lane, _batch.Rows - 1);
                var source = _network.Embedding.RowStart(_batch.Tokens[row]);
                for (var c = 0; c < channels; c++)
                {
                    destination[(c * TokenBatch.Lanes) + lane] = source[c * PackedMatrix.PanelRows];
                }
            }
        });
    }
}
